// Draws every <figure data-chart="kind"> from the JSON block inside it, in theme tokens, without animation.
// The same figures are always present as an HTML table; the chart is an enhancement. Words come with the data.
import { BarChart, CustomChart, GaugeChart, LineChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, CustomChart, GaugeChart, LineChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

const TOKENS = ['text', 'text-2', 'text-3', 'line', 'line-strong', 'grid', 'surface', 'c1', 'c2', 'c3', 'c4', 'c5', 'c-mute', 'ok-line', 'soon-line', 'late-line', 'soon', 'late', 'ok', 'selected'];
const HATCH = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -0.8, color: 'rgba(255,255,255,.45)' };
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'];
const DASHES = ['solid', 'dashed', 'dotted', 'solid'];

let T = {};
let axis = {};
let base = {};

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--ac-${name}`).trim();
}

function readTheme() {
  T = Object.fromEntries(TOKENS.map((name) => [name, token(name)]));
  axis = {
    axisLine: { lineStyle: { color: T['line-strong'] } },
    axisTick: { show: false },
    axisLabel: { color: T['text-2'], fontSize: 12 },
    splitLine: { lineStyle: { color: T.grid } },
    nameTextStyle: { color: T['text-2'], fontSize: 12 },
  };
  base = {
    animation: false,
    textStyle: { fontFamily: token('font') },
    color: [T.c1, T.c2, T.c3, T.c4, T.c5],
    // Drawn by the chart itself: an HTML tooltip would need inline style, which the page's policy refuses.
    tooltip: { renderMode: 'richText', backgroundColor: T.surface, borderColor: T.line, textStyle: { color: T.text, fontSize: 13 }, confine: true },
    grid: { left: 8, right: 16, top: 32, bottom: 4, containLabel: true },
    legend: { top: 2, left: 12, itemWidth: 14, itemHeight: 8, textStyle: { color: T['text-2'], fontSize: 12 } },
  };
}

const on = (extra) => ({ ...axis, ...extra });
const label = (extra) => ({ show: true, color: T.text, fontSize: 12, ...extra });
const tooltip = (extra) => ({ ...base.tooltip, ...extra });

/** Lines over time. { x, series: [{ name, data }], min, max, marks: [[name, y]], pad, mpos } */
function trend(d) {
  const several = d.series.length > 1;
  return {
    tooltip: tooltip({ trigger: 'axis' }),
    legend: several ? base.legend : { show: false },
    grid: { left: 8, right: d.pad || 40, top: several ? 34 : 14, bottom: 4, containLabel: true },
    xAxis: on({ type: 'category', data: d.x, boundaryGap: false }),
    yAxis: on({ type: 'value', min: d.min, max: d.max, axisLine: { show: false } }),
    series: d.series.map((s, i) => ({
      name: s.name,
      type: 'line',
      data: s.data,
      symbol: SYMBOLS[i % 4],
      symbolSize: 6,
      lineStyle: { width: 2, type: DASHES[i % 4] },
      endLabel: { show: true, color: T.text, fontSize: 12, formatter: (p) => String(p.value ?? '') },
      markLine: i || !d.marks ? undefined : {
        symbol: 'none',
        silent: true,
        lineStyle: { color: T['line-strong'], type: 'dashed' },
        label: { color: T['text-2'], fontSize: 12, position: d.mpos || 'insideStartTop', formatter: '{b}' },
        data: d.marks.map((m) => ({ yAxis: m[1], name: m[0] })),
      },
    })),
  };
}

/** Chinese labels break anywhere; Latin words stay whole, so narrow columns turn them. */
function slant(d) {
  return d.x.some((word) => /[A-Za-z]{5}/.test(word)) ? { rotate: 40, width: 96, overflow: 'truncate' } : { width: d.lw || 62, overflow: 'break' };
}

/** Pareto bars with the cumulative share. { x, n, cum, vital, lw, words: { count, share, shareAxis } } */
function pareto(d) {
  return {
    tooltip: tooltip({ trigger: 'axis' }),
    xAxis: on({ type: 'category', data: d.x, axisLabel: { color: T['text-2'], interval: 0, fontSize: 12, lineHeight: 15, ...slant(d) } }),
    yAxis: [on({ type: 'value', axisLine: { show: false } }), on({ type: 'value', max: 100, name: d.words.shareAxis, splitLine: { show: false }, axisLine: { show: false } })],
    grid: { left: 8, right: 8, top: 48, bottom: 4, containLabel: true },
    series: [
      { name: d.words.count, type: 'bar', barWidth: '56%', data: d.n.map((v, i) => ({ value: v, itemStyle: { color: i < d.vital ? T.c1 : T['c-mute'] } })), label: label({ position: 'top' }) },
      { name: d.words.share, type: 'line', yAxisIndex: 1, data: d.cum, symbol: 'circle', symbolSize: 6, color: T.c3, markLine: { symbol: 'none', silent: true, data: [{ yAxis: 80 }], lineStyle: { color: T['line-strong'], type: 'dashed' }, label: { formatter: '80%', color: T['text-2'], position: 'insideEndBottom' } } },
    ],
  };
}

/** A range on a scale from min (60 unless told) to 100. { lo, hi, min, name, words: { "70": text, … } } */
function gauge(d) {
  const min = d.min ?? 60;
  const at = (v) => (v - min) / (100 - min);
  return {
    grid: undefined,
    legend: undefined,
    series: [{
      type: 'gauge', min, max: 100, startAngle: 200, endAngle: -20, radius: '84%', center: ['50%', '66%'], splitNumber: (100 - min) / 5,
      pointer: { show: false }, anchor: { show: false },
      axisLine: { lineStyle: { width: 14, color: [[at(d.lo), T['c-mute']], [at(d.hi), T.c1], [1, T['c-mute']]] } },
      splitLine: { show: true, distance: -14, length: 14, lineStyle: { color: T.surface, width: 1 } },
      axisTick: { show: false },
      axisLabel: { distance: -44, color: T['text-2'], fontSize: 12, formatter: (v) => d.words[v] || '' },
      detail: { valueAnimation: false, offsetCenter: [0, '-10%'], fontSize: 22, fontWeight: 600, color: T.text, formatter: () => `${d.lo}–${d.hi}` },
      title: { offsetCenter: [0, '16%'], color: T['text-2'], fontSize: 13 },
      data: [{ value: d.hi, name: d.name }],
    }],
  };
}

/** Cost against satisfaction with the frontier and a path. { pts, front, path, xr, yr, words: { points, front, path, x, y, at } } */
function frontier(d) {
  const w = d.words;
  return {
    legend: { ...base.legend, data: [w.points, w.front, w.path] },
    grid: { left: 24, right: 24, top: 34, bottom: 24, containLabel: true },
    tooltip: tooltip({ formatter: (p) => (p.value[2] ? `${p.value[2]}\n${w.at.replace('{x}', p.value[0]).replace('{y}', p.value[1])}` : '') }),
    xAxis: on({ type: 'value', name: w.x, nameLocation: 'middle', nameGap: 26, min: d.xr[0], max: d.xr[1] }),
    yAxis: on({ type: 'value', name: w.y, nameLocation: 'middle', nameGap: 30, min: d.yr[0], max: d.yr[1], axisLine: { show: false } }),
    series: [
      { name: w.front, type: 'line', data: d.front, smooth: 0.2, symbol: 'none', lineStyle: { width: 2, color: T.c2 }, itemStyle: { color: T.c2 } },
      { name: w.points, type: 'scatter', data: d.pts, symbolSize: 10, itemStyle: { color: T.c5 }, label: label({ position: 'right', formatter: (p) => (p.data[3] ? p.data[2] : ''), color: T['text-2'] }) },
      { name: w.path, type: 'line', data: d.path.map((p, i) => ({ value: p, label: { position: i ? 'left' : 'right' } })), symbol: 'circle', symbolSize: 12, lineStyle: { width: 2, type: 'dashed', color: T.c1 }, itemStyle: { color: T.c1 }, label: label({ formatter: (p) => p.value[2], fontWeight: 600, distance: 8 }) },
    ],
  };
}

/** Horizontal bars; a series with `ci` gets whiskers and its sample size. { x, series: [{ name, data, ci, n }], words: { none } } */
function contrib(d) {
  const bars = d.series.map((s, i) => ({
    name: s.name, type: 'bar', data: s.data, barGap: '15%', barCategoryGap: '24%',
    itemStyle: i ? { color: T.c3, decal: HATCH } : { color: T.c1 },
    label: label({ show: !s.ci, position: 'right', formatter: '{c}%' }),
  }));
  const whiskers = d.series.filter((s) => s.ci).map((s) => ({
    name: s.name, type: 'custom', silent: true, z: 5, encode: { x: [0, 2], y: 1 },
    data: s.ci.map((c, k) => [c ? c[0] : 0, k, c ? c[1] : 0]),
    renderItem: (_, api) => whisker(s, d.words, api),
  }));
  return {
    grid: { left: 8, right: 24, top: 32, bottom: 4, containLabel: true },
    tooltip: tooltip({ trigger: 'axis', axisPointer: { type: 'shadow' } }),
    xAxis: on({ type: 'value', axisLabel: { color: T['text-2'], formatter: '{value}%' } }),
    yAxis: on({ type: 'category', inverse: true, data: d.x, axisLabel: { color: T.text, fontSize: 13 } }),
    series: bars.concat(whiskers),
  };
}

function whisker(series, words, api) {
  const k = api.value(1);
  const [from] = api.coord([api.value(0), k]);
  const [to, middle] = api.coord([api.value(2), k]);
  const y = middle - api.size([0, 1])[1] * 0.2;
  const interval = series.ci[k];
  const stroke = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: T.text, lineWidth: 1.5 } });
  const lines = interval ? [stroke(from, y, to, y), stroke(from, y - 4, from, y + 4), stroke(to, y - 4, to, y + 4)] : [];
  const text = `${interval ? `${interval[0]}–${interval[1]}%` : words.none}  n=${series.n[k]}`;
  return { type: 'group', children: [...lines, { type: 'text', x: to + 6, y: y - 6, style: { text, fill: T.text, fontSize: 12 } }] };
}

const KINDS = { trend, pareto, gauge, frontier, contrib };
let drawn = [];

function draw() {
  readTheme();
  drawn.forEach((chart) => chart.dispose());
  drawn = [];
  document.querySelectorAll('figure[data-chart]').forEach((figure) => {
    const box = figure.querySelector('.chart');
    const block = figure.querySelector('script[type="application/json"]');
    const kind = KINDS[figure.dataset.chart];
    if (!box || !block || !kind) return;
    box.setAttribute('aria-hidden', 'true');
    const chart = init(box, null, { renderer: 'canvas' });
    chart.setOption({ ...base, ...kind(JSON.parse(block.textContent)) });
    drawn.push(chart);
  });
}

draw();
addEventListener('resize', () => drawn.forEach((chart) => chart.resize()));
addEventListener('beforeprint', () => drawn.forEach((chart) => chart.resize()));
document.addEventListener('htmx:afterSettle', (event) => {
  if (event.target.querySelector?.('figure[data-chart]')) draw();
});
new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] });
