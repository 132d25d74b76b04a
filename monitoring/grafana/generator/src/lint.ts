// The Prometheus rules of Grafana's dashboard-linter, by their names there (the tool itself is not to be had where our tests run),
// and what it does not look at: overlaps, repeated titles, links, queries that do not parse by the grammar of Prometheus.
import { parser } from '@prometheus-io/lezer-promql';
import type { Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';

// What is left out on purpose: rule, then the panel's title, then why.
const exclusions: Record<string, Record<string, string>> = {
  'target-rate-interval': {
    'Dead letters': 'counts over the chosen range', 'Corrections per 100 messages': 'counts over the chosen range',
    'Partial dates': 'counts over the chosen range', 'Dead letters by reason': 'counts over the chosen range',
    Flags: 'counts over the chosen range', Starts: 'counts over the chosen range', 'Raised within the range': 'counts over the chosen range',
    'Updated within the range': 'counts over the chosen range', 'Withdrawn within the range': 'counts over the chosen range',
  },
  'target-instance': { 'Sites heard before': 'the recorded series joins all instances' },
};

const known = new Set<string>((Object.values(units) as unknown[]).filter((one): one is string => typeof one === 'string'));
const withoutUnit = new Set(['text', 'row']);

// A query with Grafana's variables replaced, as it would reach Prometheus.
function replaced(expr: string): string {
  return expr.replace(/\$__(rate_interval|range|interval)/g, '5m').replace(/\$\{?[a-z_]+\}?/g, 'x');
}

function parseFault(expr: string): string | undefined {
  let at: number | undefined;
  parser.parse(replaced(expr)).iterate({ enter: (node) => { if (node.type.isError) at ??= node.from; } });
  return at === undefined ? undefined : `does not parse at ${at}: ${expr}`;
}

function variableFaults(variables: VariableModel[]): string[] {
  const found: string[] = [];
  const byName = new Map(variables.map((one) => [one.name, one]));
  if (byName.get('datasource')?.type !== 'datasource' || byName.get('datasource')?.query !== 'prometheus') found.push('template-datasource');
  for (const name of ['job', 'instance']) {
    const one = byName.get(name);
    const right = one?.type === 'query' && one.datasource?.uid === '${datasource}' && one.multi === true && one.includeAll === true
      && one.allValue === '.+' && one.label === name[0].toUpperCase() + name.slice(1);
    if (!right) found.push(`template-${name}`);
  }
  for (const one of variables.filter((each) => each.type === 'query')) {
    if (one.refresh !== 2) found.push(`template-on-time-change-reload: ${one.name}`);
    const query = typeof one.query === 'string' ? one.query : String(one.query?.query ?? '');
    const selector = /^label_values\((.+), *[a-z_]+\)$/.exec(query)?.[1];
    const fault = selector === undefined ? `not label_values(selector, label): ${query}` : parseFault(selector);
    if (fault) found.push(`template-label-promql: ${one.name}: ${fault}`);
  }
  return found;
}

function queryFaults(expr: string): [string, string][] {
  const found: [string, string][] = [];
  const fault = parseFault(expr);
  if (fault) found.push(['target-promql', fault]);
  for (const [, range] of expr.matchAll(/\[([^\]]+)\]/g)) if (range !== '$__rate_interval') found.push(['target-rate-interval', range]);
  const names = [...expr.matchAll(/\b([a-z_:0-9]*(?:cellvigil|process|scrape)_[a-z_:0-9]+|up)\b(\{[^}]*\})?/g)];
  for (const [, name, labels] of names) {
    if (!labels?.includes('job=~"$job"')) found.push(['target-job', name]);
    if (!labels?.includes('instance=~"$instance"')) found.push(['target-instance', name]);
  }
  for (const [, before, name] of expr.matchAll(/(\w*\(?)\b((?:cellvigil|process)_[a-z_]+_(?:total|bucket|sum|count))\b/g)) {
    if (!/^(rate|increase|irate)\($/.test(before)) found.push(['target-counter-agg', name]);
  }
  return found;
}

function panelFaults(panel: Panel): string[] {
  const found: [string, string][] = [];
  const title = panel.title ?? '';
  if (title === '' || !panel.description) found.push(['panel-title-description', '']);
  if (withoutUnit.has(panel.type)) return found.map(([rule]) => `${title}: ${rule}`);
  if (panel.datasource?.uid !== '${datasource}') found.push(['panel-datasource', '']);
  const unit = panel.fieldConfig?.defaults?.unit;
  if (unit === undefined || !known.has(unit)) found.push(['panel-units', String(unit)]);
  const targets = (panel.targets ?? []) as unknown as { expr?: string; datasource?: { uid?: string } }[];
  if (targets.length === 0) found.push(['panel-no-targets', '']);
  for (const target of targets) {
    if (target.datasource?.uid !== '${datasource}') found.push(['panel-datasource', 'of a target']);
    found.push(...queryFaults(target.expr ?? ''));
  }
  return found.filter(([rule]) => exclusions[rule]?.[title] === undefined).map(([rule, what]) => `${title}: ${rule} ${what}`);
}

function overlaps(panels: Panel[]): string[] {
  const found: string[] = [];
  panels.forEach((a, index) => {
    for (const b of panels.slice(index + 1)) {
      const [p, q] = [a.gridPos!, b.gridPos!];
      if (p.x < q.x + q.w && q.x < p.x + p.w && p.y < q.y + q.h && q.y < p.y + p.h) found.push(`${a.title} overlaps ${b.title}`);
    }
    if (a.gridPos!.x + a.gridPos!.w > 24) found.push(`${a.title} leaves the grid`);
  });
  return found;
}

export function faults(made: Dashboard): string[] {
  const panels = (made.panels ?? []).filter((one): one is Panel => one.type !== 'row');
  const titles = panels.map((one) => one.title);
  const found = [...variableFaults(made.templating?.list ?? []), ...panels.flatMap(panelFaults), ...overlaps(panels)];
  if (made.editable !== false) found.push('uneditable-dashboard');
  if (!/^cellvigil-[a-z-]+$/.test(made.uid ?? '')) found.push(`uid ${made.uid}`);
  const link = made.links?.[0];
  if (!link?.includeVars || !link.keepTime || !link.tags?.includes('cellvigil')) found.push('no link to the other dashboards');
  for (const title of new Set(titles)) if (titles.filter((one) => one === title).length > 1) found.push(`two panels are called ${title}`);
  for (const one of made.annotations?.list ?? []) {
    const fault = one.expr ? parseFault(one.expr) : undefined;
    if (fault) found.push(`annotation ${one.name} ${fault}`);
  }
  return found;
}
