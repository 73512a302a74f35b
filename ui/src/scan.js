// The scan page's extras: the gun that sends twice, the phone's camera. Both only where the page has a form[data-scan].
const AGAIN = 2_000;
const STORED = 'aftercare.scan';
const FORMATS = ['code_128', 'code_39', 'ean_13', 'ean_8', 'itf', 'qr_code', 'upc_a', 'data_matrix'];

/** True when `code` was sent a moment ago: a gun that sends twice looks up once. */
export function repeated(code, store, now) {
  const [last, at] = JSON.parse(store.getItem(STORED) || '["",0]');
  store.setItem(STORED, JSON.stringify([code, now]));
  return code === last && now - at < AGAIN;
}

async function native() {
  const known = (await window.BarcodeDetector?.getSupportedFormats()) ?? [];
  return known.includes('code_128') && known.includes('qr_code');
}

/** Some browsers have a detector that knows no format at all; they get ours like those that have none. */
async function detector({ script, reader }) {
  if (!(await native().catch(() => false))) await load(script, reader);
  const known = await window.BarcodeDetector.getSupportedFormats();
  return new window.BarcodeDetector({ formats: FORMATS.filter((format) => known.includes(format)) });
}

const load = (src, reader) => new Promise((done, failed) => {
  const script = document.createElement('script');
  Object.assign(script, { src, onload: done, onerror: failed });
  script.dataset.reader = reader;
  document.head.append(script);
});

async function live(form, view, eyes) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  const video = document.createElement('video');
  video.className = 'scanview';
  video.muted = true;
  video.playsInline = true;
  video.setAttribute('aria-label', view.dataset.aim);
  video.srcObject = stream;
  view.replaceChildren(video);
  view.hidden = false;
  await video.play();
  const stop = () => {
    stream.getTracks().forEach((track) => track.stop());
    view.hidden = true;
    view.replaceChildren();
  };
  addEventListener('pagehide', stop, { once: true });
  const look = async () => {
    if (view.hidden) return;
    const [found] = await eyes.detect(video).catch(() => []);
    if (found) {
      stop();
      form.elements.code.value = found.rawValue;
      form.requestSubmit();
      return;
    }
    setTimeout(look, 120);
  };
  look();
  return stop;
}

function say(view, text) {
  const note = document.createElement('p');
  note.className = 'hint';
  note.textContent = text;
  view.replaceChildren(note);
  view.hidden = false;
}

export function startScan() {
  const form = document.querySelector('form[data-scan]');
  if (!form) return;
  form.addEventListener('submit', (event) => {
    const code = form.elements.code.value.trim();
    const here = new URLSearchParams(location.search).get('code');
    // What is on the page already is only looked up again when somebody means it.
    if (!code || (repeated(code, sessionStorage, Date.now()) && code === here)) event.preventDefault();
  });
  const field = form.elements.code;
  if (field.value) {
    field.focus({ preventScroll: true });
    field.select();
  }
  const button = form.querySelector('[data-camera]');
  const view = document.getElementById('scan-view');
  if (!button || !view || !navigator.mediaDevices?.getUserMedia) return;
  button.hidden = false;
  let stop = null;
  button.addEventListener('click', async () => {
    if (stop) { stop(); stop = null; return; }
    const eyes = await detector(view.dataset).catch(() => null);
    if (!eyes) { say(view, view.dataset.none); return; }
    stop = await live(form, view, eyes).catch(() => { say(view, view.dataset.refused); return null; });
  });
}
