/* photo.js: a photo made smaller before it is sent: longest side 2,000 pixels, JPEG, upright as the camera held it, and
   without what the camera wrote into it (place, time, device): a canvas keeps pixels alone. What is small already, what
   the browser cannot draw (HEIC in most) and what would not become smaller goes as it is. */

const LONGEST = 2000, QUALITY = 0.82, SMALL = 300 * 1024;

export async function shrunk(file) {
  if (file.size <= SMALL && file.type === "image/jpeg" && !(await located(file))) return file;
  const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(drawn.width * scale));
  canvas.height = Math.max(1, Math.round(drawn.height * scale));
  const pen = canvas.getContext("2d", { alpha: false });
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!made || (made.size >= file.size && !(await located(file)))) return file;
  return new File([made], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg", lastModified: file.lastModified });
}

/* Whether a JPEG carries what its camera wrote: the word Exif near its beginning. */
async function located(file) {
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  return new TextDecoder("latin1").decode(head).includes("Exif");
}
