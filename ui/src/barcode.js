// Reads codes where the browser itself cannot: on every iPhone and in the browsers inside chat programs. Loaded when somebody presses
// the camera's button there, never before.
import { BarcodeDetector, prepareZXingModule } from 'barcode-detector/ponyfill';

const reader = document.currentScript.dataset.reader;
prepareZXingModule({ overrides: { locateFile: () => reader } });
window.BarcodeDetector = BarcodeDetector;
