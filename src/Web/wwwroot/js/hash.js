// What an address carries behind the # a browser keeps to itself: no server is sent it, no log has it. So the picture on a voucher
// brings its PIN, and a letter the code for a new password. A field says which part is its own.
const kept = new URLSearchParams(location.hash.slice(1));
for (const field of document.querySelectorAll("[data-hash]")) {
  const value = kept.get(field.dataset.hash);
  if (!value) continue;
  if (!field.value) field.value = value;
  history.replaceState(null, "", location.pathname + location.search);
}
