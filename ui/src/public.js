// What customer pages run: no menus, no live events, no htmx.
import { startChoices } from './choices.js';
import { startDue } from './due.js';
import { startNetwork } from './network.js';
import { startPhotos } from './photos.js';
import { startSubmit } from './submit.js';
import { startSummary } from './summary.js';
import { startViewer } from './viewer.js';

for (const start of [startNetwork, startDue, startSubmit, startChoices, startPhotos, startSummary, startViewer]) start();
