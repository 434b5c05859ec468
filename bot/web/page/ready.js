// Nothing: the viewer wants a script to be loaded before it uses its own meshopt decoder (see decoders.js).
