// A pad to sign on: <div data-sign> with a canvas. Strokes are drawn with finger, pen or mouse, can be undone and redone, and go
// with the form as a small PNG in its file field. Black on white in both themes: it is kept as paper is.
const WIDTH = 2.6;

function paper(canvas) {
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = '#000';
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  return pen;
}

function draw(canvas, strokes) {
  const pen = paper(canvas);
  strokes.forEach((stroke) => {
    pen.lineWidth = WIDTH * (canvas.width / 450);
    pen.beginPath();
    stroke.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
    pen.stroke();
  });
}

function start(box) {
  const on = box.querySelector('[data-sign-on]');
  const canvas = box.querySelector('canvas');
  const field = box.querySelector('input[type=file]');
  const state = box.querySelector('#signature-state');
  if (!on || !canvas?.getContext || !('DataTransfer' in window)) return;
  box.querySelector('[data-sign-off]')?.setAttribute('hidden', '');
  on.hidden = false;
  let strokes = [];
  let undone = [];
  let stroke = null;

  const keep = () => {
    state.textContent = strokes.length ? state.dataset.done : state.dataset.empty;
    box.querySelector('[data-sign-undo]').disabled = !strokes.length;
    box.querySelector('[data-sign-clear]').disabled = !strokes.length;
    box.querySelector('[data-sign-redo]').disabled = !undone.length;
    if (!strokes.length) { field.value = ''; return; }
    canvas.toBlob((blob) => {
      if (!blob || !strokes.length) return;
      const files = new DataTransfer();
      files.items.add(new File([blob], 'signature.png', { type: 'image/png' }));
      field.files = files.files;
    }, 'image/png');
  };
  const show = () => { draw(canvas, strokes); keep(); };
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [(event.clientX - frame.left) * (canvas.width / frame.width), (event.clientY - frame.top) * (canvas.height / frame.height)];
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button > 0 || stroke) return;
    event.preventDefault();
    canvas.setPointerCapture?.(event.pointerId);
    stroke = [at(event)];
    undone = [];
    draw(canvas, [...strokes, stroke]);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!stroke) return;
    event.preventDefault();
    const all = event.getCoalescedEvents?.() ?? [];
    (all.length ? all : [event]).forEach((one) => stroke.push(at(one)));
    draw(canvas, [...strokes, stroke]);
  });
  const lift = () => {
    if (!stroke) return;
    strokes.push(stroke);
    stroke = null;
    show();
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  box.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.matches('[data-sign-clear]')) { undone = []; strokes = []; }
    else if (button.matches('[data-sign-undo]') && strokes.length) undone.push(strokes.pop());
    else if (button.matches('[data-sign-redo]') && undone.length) strokes.push(undone.pop());
    show();
  });
  const { signName: name, signValue: value } = box.dataset;
  if (name) {
    const form = box.closest('form');
    const fit = () => {
      const fits = form.querySelector(`[name="${CSS.escape(name)}"]:checked`)?.value === value;
      box.hidden = !fits;
      if (!fits && strokes.length) { strokes = []; undone = []; show(); }
    };
    form.addEventListener('change', fit);
    fit();
  }
  show();
}

export function startSign() {
  document.querySelectorAll('[data-sign]').forEach(start);
}
