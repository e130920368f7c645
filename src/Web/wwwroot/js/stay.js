// Says in time that a session is about to end, and keeps it when somebody wants to stay (WCAG 2.2.1). Hours asleep in a pocket count too.
const box = document.getElementById("stay");
const warnAfter = Number(box.dataset.warnAfter) * 60_000;
let since = Date.now();

const look = () => {
  if (box.hidden && Date.now() - since >= warnAfter) box.hidden = false;
};

box.querySelector("button").addEventListener("click", async () => {
  // Any page of one's own is a visit; whoever is nobody any more is sent to sign in.
  const answer = await fetch(box.dataset.visit, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    since = Date.now();
    box.hidden = true;
  } else {
    box.querySelector("[data-before]").hidden = true;
    box.querySelector("[data-after]").hidden = false;
  }
});
setInterval(look, 15_000);
document.addEventListener("visibilitychange", look);
