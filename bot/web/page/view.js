// The buttons around the viewer. Every word is in the page already; this shows and hides.
const viewer = document.querySelector('model-viewer');
const part = (id) => document.getElementById(id);
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The viewer has no way to ask for lines instead of faces, but the scene that it draws has. */
const scene = viewer[Object.getOwnPropertySymbols(viewer).find((one) => one.description === 'scene')];

function drawLines(wanted) {
  scene.model?.traverse((node) => {
    for (const material of [node.material ?? []].flat()) material.wireframe = wanted;
  });
  scene.queueRender();
}

function offerClips() {
  const names = viewer.availableAnimations;
  part('clip').replaceChildren(...names.map((name) => new Option(name, name)));
  part('movement').hidden = names.length === 0;
  viewer.autoRotate = names.length === 0 && !calm;
  if (names.length > 0) viewer.animationName = names[0];
  if (names.length > 0 && !calm) viewer.play();
  showWhetherItPlays();
}

function showWhetherItPlays() {
  part('pause').hidden = viewer.paused;
  part('play').hidden = !viewer.paused;
}

viewer.addEventListener('load', () => {
  offerClips();
  part('controls').hidden = false;
});
viewer.addEventListener('error', () => {
  part('controls').hidden = true;
  part('trouble').hidden = false;
});
viewer.addEventListener('play', showWhetherItPlays);
viewer.addEventListener('pause', showWhetherItPlays);
part('clip').addEventListener('change', ({ target }) => {
  viewer.animationName = target.value;
  viewer.play();
});
part('play').addEventListener('click', () => {
  viewer.play();
  part('pause').focus();
});
part('pause').addEventListener('click', () => {
  viewer.pause();
  part('play').focus();
});
part('wireframe').addEventListener('click', ({ currentTarget }) => {
  const wanted = currentTarget.getAttribute('aria-pressed') !== 'true';
  currentTarget.setAttribute('aria-pressed', wanted);
  drawLines(wanted);
});
