// The page that is looked at: the dashboard on Grafana's grid of 24 columns, each panel in Grafana's chrome. It says in
// `window.drawn` what became of each panel.
import { createTheme, type DataFrame, type GrafanaTheme2, renderMarkdown, setTimeZoneResolver, ThemeContext } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { GlobalStyles, PanelChrome, PortalContainer } from '@grafana/ui';
import { Component, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { prepared } from './fields';
import { framesOf, hasData } from './frames';
import type { Input, Panel } from './input';
import { Picture } from './panels';

export interface Drawn { id: number; title: string; type: string; data: boolean; error: string }
declare global { interface Window { drawn?: Drawn[]; __grafana_public_path__?: string } }

const kUnit = 30, kGap = 8, kWidth = 1600;

class Guard extends Component<{ children: ReactNode; failed: (what: string) => void }, { broken: boolean }> {
  state = { broken: false };
  static getDerivedStateFromError() { return { broken: true }; }
  componentDidCatch(error: Error) { this.props.failed(String(error)); }
  render() { return this.state.broken ? <b>failed</b> : this.props.children; }
}

function Place({ panel, children, top }: { panel: Panel; children: ReactNode; top: number }) {
  const { x, w, y } = panel.gridPos;
  const column = (kWidth - kGap) / 24;
  return <div data-panel={panel.id} style={{ position: 'absolute', left: kGap + x * column, top: top + y * (kUnit + kGap), width: w * column - kGap }}>{children}</div>;
}
const heightOf = (panel: Panel) => panel.gridPos.h * (kUnit + kGap) - kGap;
const widthOf = (panel: Panel) => panel.gridPos.w * ((kWidth - kGap) / 24) - kGap;

function Body({ panel, frames, theme, input, drawn }: { panel: Panel; frames: DataFrame[]; theme: GrafanaTheme2; input: Input; drawn: Drawn }) {
  const [width, height] = [widthOf(panel), heightOf(panel)];
  if (panel.type === 'row') return <h4 style={{ margin: 0, paddingTop: 6 }}>{panel.title}</h4>;
  return <PanelChrome title={panel.title} description={panel.description} width={width} height={height}>
    {(innerWidth, innerHeight) => <div data-body={panel.type}>{panel.type === 'text'
      ? <div className="markdown-html" dangerouslySetInnerHTML={{ __html: renderMarkdown(panel.options.content) }} />
      : drawn.error ? <b>{drawn.error}</b>
        : hasData(frames) ? <Guard failed={(what) => { drawn.error = what; }}>
          <Picture panel={panel} frames={frames} theme={theme} input={input} width={innerWidth} height={innerHeight} />
        </Guard> : <p>No data</p>}</div>}
  </PanelChrome>;
}

async function main() {
  const mode = new URLSearchParams(location.search).get('theme') === 'dark' ? 'dark' : 'light';
  window.__grafana_public_path__ = '/public/';
  setTimeZoneResolver(() => 'utc');
  await initPluginTranslations('grafana-ui', []);
  const theme = createTheme({ colors: { mode } });
  const input = (await (await fetch('/input.json')).json()) as Input;
  const found: { panel: Panel; frames: DataFrame[]; drawn: Drawn }[] = [];
  for (const panel of input.dashboard.panels) {
    const drawn: Drawn = { id: panel.id, title: panel.title ?? '', type: panel.type, data: false, error: '' };
    let frames = framesOf(panel, input);
    try { frames = await prepared(panel, frames, theme); } catch (error) { drawn.error = String(error); }
    drawn.data = panel.type === 'row' || panel.type === 'text' || hasData(frames);
    found.push({ panel, frames, drawn });
  }
  const bottom = Math.max(...input.dashboard.panels.map((one) => one.gridPos.y + one.gridPos.h)) * (kUnit + kGap);
  const top = 84;
  document.body.style.background = theme.colors.background.canvas;
  createRoot(document.getElementById('root')!).render(<ThemeContext.Provider value={theme}>
    <GlobalStyles /><PortalContainer />
    <div style={{ position: 'relative', width: kWidth, height: top + bottom + 8, color: theme.colors.text.primary }}>
      <div style={{ padding: '10px 8px 0' }}><h3 style={{ margin: 0 }}>{input.dashboard.title}</h3>
        <div>{input.dashboard.description}</div>
        <small>{Object.entries(input.chosen).map(([name, value]) => `${name}: ${value === '.+' ? 'All' : value}`).join(' · ')}</small></div>
      {found.map(({ panel, frames, drawn }) => <Place key={panel.id} panel={panel} top={top}>
        <Body panel={panel} frames={frames} theme={theme} input={input} drawn={drawn} /></Place>)}
    </div>
  </ThemeContext.Provider>);
  await new Promise((done) => setTimeout(done, 1200));
  window.drawn = found.map((one) => one.drawn);
}
void main();
