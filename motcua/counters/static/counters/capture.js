/* capture.js: runs beside the page's script and hands over what the microphone hears, as it comes. */

class Capture extends AudioWorkletProcessor {
  process(inputs) {
    const heard = inputs[0][0];
    if (heard) this.port.postMessage(heard.slice());
    return true;
  }
}

registerProcessor("motcua-capture", Capture);
