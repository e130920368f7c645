// Puts the services of the list on a map. The list says all there is: each of its items has its point, and which of them are close
// together on the screen share one. Whoever looks at one of the two sees the other lit.
const box = document.getElementById("map");
const items = [...document.querySelectorAll(".offer[data-at]")].map((item) => ({
  item, at: item.dataset.at.split(",").map(Number), isStart: "from" in item.dataset, link: item.querySelector("h3 a"),
}));
const places = JSON.parse(box.dataset.places);
// A finger's width: two points closer than that are one.
const touch = 44;
const aroundMetres = 2_300;

const draw = () => {
  box.replaceChildren();
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    attributionControl: Boolean(box.dataset.tiles), zoomControl: false, minZoom: 9, maxZoom: 17, zoomSnap: 0.5,
    // A wheel or one finger moves the page, not the map under it.
    scrollWheelZoom: false, dragging: matchMedia("(pointer: fine)").matches,
    zoomAnimation: !isCalm, fadeAnimation: !isCalm, markerZoomAnimation: !isCalm,
  });
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
  const corners = places.map(([, north, east]) => [north, east]).concat(items.map(({ at }) => at));
  const bounds = L.latLngBounds(corners);
  map.fitBounds(bounds.pad(0.12), { animate: false });
  map.setMaxBounds(bounds.pad(1));
  if (box.dataset.tiles) {
    map.attributionControl.setPrefix(false);
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit.replace(/[<>&]/g, "") }).addTo(map);
  } else {
    for (const [, north, east] of places) L.circle([north, east], { radius: aroundMetres, className: "map-land", interactive: false }).addTo(map);
  }

  for (const [name, north, east] of places) {
    // Below the points, which must not be read through it.
    L.tooltip([north, east], { permanent: true, direction: "bottom", offset: [0, 16], pane: "shadowPane", className: "map-name", interactive: false, content: name }).addTo(map);
  }

  const points = L.layerGroup().addTo(map);
  map.on("zoomend", () => point(map, points));
  point(map, points);
};

// The points of what is listed, those that would lie on each other as one with their number.
const point = (map, points) => {
  points.clearLayers();
  const groups = [];
  for (const one of items) {
    const pixel = map.latLngToLayerPoint(one.at);
    const near = groups.find((group) => group.pixel.distanceTo(pixel) < touch);
    if (near) near.all.push(one);
    else groups.push({ pixel, at: one.at, all: [one] });
  }

  for (const { at, all } of groups) {
    const [first] = all;
    const isMany = all.length > 1;
    const kind = isMany ? "map-many" : first.isStart ? "map-start" : "map-one";
    const dot = document.createElement("span");
    dot.textContent = isMany ? all.length : "";
    const marker = L.marker(at, { icon: L.divIcon({ className: `map-point ${kind}`, html: dot, iconSize: [touch, touch] }), riseOnHover: true }).addTo(points);
    const element = marker.getElement();
    const names = all.map(({ link }) => link.textContent).join(", ");
    element.setAttribute("aria-label", isMany ? `${box.dataset.many.replace("{0}", all.length)}: ${names}` : first.isStart ? `${names}, ${box.dataset.from}` : names);
    const light = (isLit) => {
      element.classList.toggle("map-lit", isLit);
      for (const { item } of all) item.classList.toggle("offer-lit", isLit);
    };
    for (const one of all) one.light = light;
    element.addEventListener("mouseenter", () => light(true));
    element.addEventListener("mouseleave", () => light(false));
    element.addEventListener("focus", () => light(true));
    element.addEventListener("blur", () => light(false));
    const lead = () => {
      first.item.scrollIntoView({ block: "center" });
      first.link.focus({ preventScroll: true });
    };
    marker.on("click", lead);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      lead();
    });
  }
};

for (const one of items) {
  for (const [event, isLit] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) {
    one.item.addEventListener(event, () => one.light?.(isLit));
  }
}

draw();
