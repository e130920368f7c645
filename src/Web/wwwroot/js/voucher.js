// The picture on a voucher carries its PIN behind the #, which a browser keeps to itself: no server is sent it, no log has it.
const pin = new URLSearchParams(location.hash.slice(1)).get("pin");
const field = document.getElementById("Pin");
if (pin && field) {
  if (!field.value) field.value = pin;
  history.replaceState(null, "", location.pathname + location.search);
}
