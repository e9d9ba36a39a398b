// The QR code carries its token in the fragment, which browsers never send. Read it once, take it out of the
// address bar (so that a shared link or the history does not carry it), and look the dossier up by POST.
// Behind a dot stands the mark of the paper that was scanned.
const token = location.hash.slice(1);
const form = document.getElementById("track");
if (form && /^[A-Za-z0-9_-]{20,30}(\.[a-z][0-9]{1,9}-[0-9]{4})?$/.test(token)) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("token").value = token;
  for (const field of form.querySelectorAll("[required]")) field.required = false;
  form.submit();
}
document.getElementById("problem")?.focus();
