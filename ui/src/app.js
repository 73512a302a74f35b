// Everything that staff pages run. The pages work without it.
import { startChoices } from './choices.js';
import { startCopy } from './copy.js';
import { startDraft } from './draft.js';
import { startDue } from './due.js';
import { startFills } from './fills.js';
import { startKeys } from './keys.js';
import { startLive } from './live.js';
import { startLookup } from './lookup.js';
import { startNetwork } from './network.js';
import { startPhotos } from './photos.js';
import { startRings } from './rings.js';
import { startScan } from './scan.js';
import { startSession } from './session.js';
import { startSign } from './sign.js';
import { startSubmit } from './submit.js';
import { startSummary } from './summary.js';
import { startSwap } from './swap.js';
import { startSwitch } from './switch.js';
import { startTheme } from './theme.js';
import { startTabs } from './tabs.js';
import { startToast } from './toast.js';
import { startViewer } from './viewer.js';
import { startWechat } from './wechat.js';

for (const start of [startNetwork, startSwap, startDue, startFills, startLookup, startKeys, startTheme, startDraft, startSubmit, startToast, startChoices, startPhotos, startSign, startSummary, startScan, startCopy, startSession, startLive, startSwitch, startWechat, startTabs, startRings, startViewer]) start();
