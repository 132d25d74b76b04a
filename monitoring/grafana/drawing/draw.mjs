// Draws dashboards: node draw.mjs FOLDER. Every FOLDER/*.json is an input (src/input.ts); beside it come NAME-light.png and
// NAME-dark.png, and FOLDER/report.json says of every panel whether it drew data, what ran over its edge, and what the browser complained of.
import { build } from 'esbuild';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2]);
const browser = process.env.CHROMIUM ?? '/usr/bin/chromium';

const bundle = await build({
  entryPoints: [path.join(here, 'src/page.tsx')], bundle: true, write: false, outdir: '/', format: 'iife', jsx: 'automatic', minify: true,
  target: 'chrome120', define: { 'process.env.NODE_ENV': '"production"', global: 'window' }, logLevel: 'error',
  loader: { '.svg': 'dataurl', '.woff2': 'dataurl', '.png': 'dataurl', '.ttf': 'dataurl', '.woff': 'dataurl', '.gif': 'dataurl' },
});
const script = bundle.outputFiles.find((one) => one.path.endsWith('.js')).text;
const style = bundle.outputFiles.find((one) => one.path.endsWith('.css'))?.text ?? '';
const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><style>${style}</style><div id="root"></div><script src="/page.js"></script>`;

let input = '{}';
const icons = path.join(here, 'node_modules/@grafana/ui/dist/public');
const server = createServer((request, answer) => {
  const url = new URL(request.url, 'http://here').pathname;
  const send = (type, body) => answer.writeHead(200, { 'content-type': type }).end(body);
  if (url === '/') return send('text/html', page);
  if (url === '/page.js') return send('text/javascript', script);
  if (url === '/input.json') return send('application/json', input);
  if (url.startsWith('/public/fonts/')) {  // which @grafana/ui asks for and does not bring
    const face = url.includes('roboto') ? 'roboto-mono/files/roboto-mono-latin-400' : `inter/files/inter-latin-${url.includes('Medium') ? 500 : 400}`;
    return send('font/woff2', readFileSync(path.join(here, `node_modules/@fontsource/${face}-normal.woff2`)));
  }
  if (url.startsWith('/public/')) {
    const file = path.join(icons, path.normalize(url.replace(/^\/public\/(build\/)?/, '/')));
    try { return send('image/svg+xml', readFileSync(file)); } catch { /* as any other that is not there */ }
  }
  answer.writeHead(404).end();
}).listen(0, '127.0.0.1');
await new Promise((done) => server.once('listening', done));
const address = `http://127.0.0.1:${server.address().port}`;

// What a reader cannot see: text that is cut off where nothing can be scrolled or wrapped.
function cutOff() {
  const found = [];
  for (const panel of document.querySelectorAll('[data-panel]')) {
    const title = panel.querySelector('h2,h6')?.textContent ?? '';
    for (const one of panel.querySelectorAll('*')) {
      const text = [...one.childNodes].filter((each) => each.nodeType === 3).map((each) => each.textContent.trim()).join('');
      if (!text) continue;
      const box = one.getBoundingClientRect(), frame = panel.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;  // for screen readers
      const hidden = getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1;
      const outside = box.width > 0 && (box.right > frame.right + 1 || box.left < frame.left - 1);
      if (hidden || outside) found.push({ panel: Number(panel.dataset.panel), title, text: text.slice(0, 80) });
    }
  }
  return found;
}

// Is there a picture, and not only data that could have made one? By what each kind of panel is made of.
function pictured() {
  const ink = (canvas) => canvas.width > 0 && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte, i) => i % 4 === 3 && byte > 0);
  const found = {};
  for (const panel of document.querySelectorAll('[data-panel]')) {
    const body = panel.querySelector('[data-body]');
    const kind = body?.dataset.body;
    const count = (what) => body.querySelectorAll(what).length;
    const drawn = { stat: () => /\S/.test(body.innerText), bargauge: () => /\d/.test(body.innerText), text: () => /\S/.test(body.innerText),
      table: () => count('[role="gridcell"]') > 0, timeseries: () => [...body.querySelectorAll('canvas')].some(ink),
      'state-timeline': () => count('rect[data-state]') > 0, heatmap: () => count('rect') > 0 };
    found[panel.dataset.panel] = kind === undefined || drawn[kind]();
  }
  return found;
}

const profile = mkdtempSync(path.join(tmpdir(), 'draw-'));
const window = await chromium.launchPersistentContext(profile, {
  executablePath: browser, headless: true, viewport: { width: 1616, height: 1000 }, deviceScaleFactor: 1,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const report = {};
try {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json') && one !== 'report.json').sort()) {
    input = readFileSync(path.join(folder, name), 'utf8');
    for (const theme of ['light', 'dark']) {
      const tab = await window.newPage();
      // As tall as the dashboard: what lies below the edge is not drawn by everybody.
      const rows = Math.max(...JSON.parse(input).dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
      await tab.setViewportSize({ width: 1616, height: 100 + rows * 38 });
      const complaints = [];
      tab.on('console', (one) => { if (['error', 'warning'].includes(one.type())) complaints.push(`${one.type()}: ${one.text()}`); });
      tab.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
      tab.on('requestfailed', (one) => complaints.push(`failed: ${one.url()}`));
      tab.on('response', (one) => { if (one.status() >= 400) complaints.push(`${one.status()}: ${one.url().replace(address, '')}`); });
      await tab.goto(`${address}/?theme=${theme}`);
      await tab.waitForFunction(() => window.drawn !== undefined, undefined, { timeout: 60000 }).catch((error) => complaints.push(String(error)));
      await tab.screenshot({ path: path.join(folder, `${path.basename(name, '.json')}-${theme}.png`), fullPage: true });
      report[`${path.basename(name, '.json')} ${theme}`] = {
        panels: await tab.evaluate(() => window.drawn ?? []), complaints, cut: await tab.evaluate(cutOff), pictured: await tab.evaluate(pictured),
        said: await tab.evaluate(() => document.body.innerText),
      };
      await tab.close();
    }
  }
} finally {
  await window.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
writeFileSync(path.join(folder, 'report.json'), JSON.stringify(report, null, 1));
