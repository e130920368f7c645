// Somebody signs with a finger on the provider's telephone. What is drawn is kept as a line of whole numbers on a field of 300 by 100, in the form's
// own field, and goes with it; where there is no script, there is the list and the code.
const [WIDTH, HEIGHT, MOST] = [300, 100, 4000];

for (const box of document.querySelectorAll("[data-sign]")) {
  const [open, clear] = [box.querySelector("[data-sign-open]"), box.querySelector("[data-sign-clear]")];
  const field = box.querySelector("input");
  const canvas = box.querySelector("canvas");
  const pen = canvas.getContext("2d");
  let last = null;

  const at = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [within(((event.clientX - left) / width) * WIDTH, WIDTH), within(((event.clientY - top) / height) * HEIGHT, HEIGHT)];
  };

  const to = ([x, y]) => {
    const step = `${last.begun ? "" : `M${last.x} ${last.y}`}L${x} ${y}`;
    if ((x === last.x && y === last.y) || field.value.length + step.length > MOST) return;
    field.value += step;
    pen.beginPath();
    pen.moveTo((last.x * canvas.width) / WIDTH, (last.y * canvas.height) / HEIGHT);
    pen.lineTo((x * canvas.width) / WIDTH, (y * canvas.height) / HEIGHT);
    pen.stroke();
    last = { x, y, begun: true };
  };

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    const [x, y] = at(event);
    last = { x, y, begun: false };
  });
  canvas.addEventListener("pointermove", (event) => last && to(at(event)));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { last = null; });

  open.addEventListener("click", () => {
    canvas.hidden = false;
    clear.hidden = false;
    open.hidden = true;
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round" });
  });
  clear.addEventListener("click", () => {
    field.value = "";
    pen.clearRect(0, 0, canvas.width, canvas.height);
  });
  box.hidden = false;
}
