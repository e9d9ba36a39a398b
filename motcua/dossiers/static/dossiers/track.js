// The QR code carries its token in the fragment, which browsers never send. Read it once, take it out of the
// address bar (so that a shared link or the history does not carry it), and look the dossier up by POST.
// Behind a dot stands the mark of the paper that was scanned. The camera brings the same address, or the code alone.
const form = document.getElementById("track");
const code = document.getElementById("code");

function open(token) {
  if (!/^[A-Za-z0-9_-]{20,30}(\.[a-z][0-9]{1,9}-[0-9]{4})?$/.test(token)) return false;
  document.getElementById("token").value = token;
  for (const field of form.querySelectorAll("[required]")) field.required = false;
  form.submit();
  return true;
}

if (form && location.hash.length > 20) {
  const token = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  open(token);
}
code?.addEventListener("scan", (event) => {
  event.preventDefault();
  const text = event.detail.text.trim();
  if (open(text.split("#")[1] ?? "")) return;
  code.value = text.slice(0, 60);
  document.getElementById("secret").focus();
});
document.getElementById("problem")?.focus();
