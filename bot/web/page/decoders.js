// Before the viewer is there: what it would fetch from elsewhere comes from beside this file.
const here = new URL('.', import.meta.url).href;
self.ModelViewerElement = {
  dracoDecoderLocation: here,
  // Its meshopt decoder is built in, but used only after some script was loaded from this address.
  meshoptDecoderLocation: `${here}ready.js`,
};
