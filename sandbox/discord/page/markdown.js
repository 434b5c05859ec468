/**
 * Chat markdown as page nodes: what a message may contain, and nothing else. Unclosed signs stay as they were typed.
 *
 * `names` tells how to call what a message mentions: `names.user(id)`, `names.role(id)`, `names.channel(id)` give a
 * name or null; `names.locale` is the reader's language.
 */

import { h, safeUrl } from './dom.js';
import { timestampText } from './times.js';

const FENCE = /```(?:[\w+.#-]+\n)?\n?([^]+?)\n?```/;
const PLAIN = /^[^]+?(?=[\\*_~`|<[@]|https?:\/\/|$)/;

const BLOCKS = [
  [/^(#{1,3}) +(.+)$/, (match, names) => h(`h${match[1].length + 2}`, {}, inline(match[2], names))],
  [/^-# +(.+)$/, (match, names) => h('p', { class: 'small' }, inline(match[1], names))],
];

const INLINES = [
  [/^\\([!-/:-@[-`{-~])/, (match) => match[1]],
  [/^(`+)([^]*?[^`])\1(?!`)/, (match) => h('code', {}, match[2].trim())],
  [/^<t:(-?\d{1,12})(?::([tTdDfFRsS]))?>/, timestamp],
  [/^<@!?(\d+)>/, (match, names) => mention('@', names.user(match[1]), 'unknown member')],
  [/^<@&(\d+)>/, (match, names) => mention('@', names.role(match[1]), 'unknown role')],
  [/^<#(\d+)>/, (match, names) => mention('#', names.channel(match[1]), 'unknown channel')],
  [/^<\/([^:>]+):\d+>/, (match) => mention('/', match[1])],
  [/^<a?:(\w+):\d+>/, (match) => `:${match[1]}:`],
  [/^@(everyone|here)\b/, (match) => mention('@', match[1])],
  [/^\[((?:\\.|[^\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: +"[^"]*")?\)/, maskedLink],
  [/^<(https?:\/\/[^\s>]+)>/, (match) => link(match[1], match[1])],
  [/^https?:\/\/[^\s<]*[^\s<.,:;"'\])]/, (match) => link(match[0], match[0])],
  [/^\*\*([^]+?)\*\*(?!\*)/, wrap('strong')],
  [/^__([^]+?)__(?!_)/, wrap('u')],
  [/^~~([^]+?)~~/, wrap('s')],
  [/^\|\|([^]+?)\|\|/, spoiler],
  [/^\*(?=\S)((?:\*\*|\\[^]|[^*\\])+?)\*(?!\*)/, wrap('em')],
  [/^_((?:__|\\[^]|[^\\_])+?)_(?!\w)/, wrap('em')],
];

/** The nodes of a whole text: code blocks, headings, small text, quotes, lists and paragraphs. */
export function markdown(text, names) {
  const nodes = [];
  for (const [index, part] of text.split(FENCE).entries()) {
    if (index % 2) nodes.push(h('pre', {}, h('code', {}, part)));
    else if (part) nodes.push(...blocks(part.replace(/^\n|\n$/g, '').split('\n'), names));
  }
  return nodes;
}

/** The nodes of a text within a line. */
export function inline(text, names) {
  const nodes = [];
  while (text) {
    const [match, build] = firstMatch(INLINES, text) ?? [text.match(PLAIN), (plain) => plain[0]];
    nodes.push(build(match, names));
    text = text.slice(match[0].length);
  }
  return nodes;
}

function blocks(lines, names) {
  const nodes = [];
  while (lines.length) nodes.push(nextBlock(lines, names));
  return nodes;
}

/** Takes the lines of one block off the front of `lines`. */
function nextBlock(lines, names) {
  const block = firstMatch(BLOCKS, lines[0]);
  if (block) {
    lines.shift();
    return block[1](block[0], names);
  }
  if (lines[0].startsWith('>>> ')) return quote([lines.shift().slice(4), ...lines.splice(0)], names);
  if (isQuoted(lines[0])) return quote(takeWhile(lines, isQuoted).map((line) => line.slice(2)), names);
  if (isItem(lines[0])) return list(takeWhile(lines, isSameList(lines[0])), names);
  return h('p', {}, inline(takeWhile(lines, isParagraph).join('\n'), names));
}

const quote = (lines, names) => h('blockquote', {}, blocks(lines, names));
const ITEM = /^( *)([-*]|\d{1,9}\.) +(.*)$/;
const isItem = (line) => ITEM.test(line) && !line.startsWith('-# ');
const isQuoted = (line) => line.startsWith('> ');
const isNumbered = (line) => /^ *\d/.test(line);
const isSameList = (first) => (line) => isItem(line) && (line.startsWith(' ') || isNumbered(line) === isNumbered(first));
const isParagraph = (line) => !isItem(line) && !/^>{1,3} /.test(line) && !firstMatch(BLOCKS, line);

/** Items that are indented deeper than the first belong to a list inside the item before them. */
function list(lines, names) {
  const [first, indent, sign] = lines[0].match(ITEM);
  const isDeeper = (line) => line.match(ITEM)[1].length > indent.length;
  const items = [];
  while (lines.length) {
    const item = h('li', {}, inline(lines.shift().match(ITEM)[3], names));
    const nested = takeWhile(lines, isDeeper);
    if (nested.length) item.append(list(nested, names));
    items.push(item);
  }
  return isNumbered(first) ? h('ol', { start: parseInt(sign, 10) }, items) : h('ul', {}, items);
}

function takeWhile(lines, belongs) {
  const end = lines.findIndex((line) => !belongs(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function firstMatch(rules, text) {
  for (const [pattern, build] of rules) {
    const match = text.match(pattern);
    if (match) return [match, build];
  }
  return null;
}

function wrap(tag) {
  return (match, names) => h(tag, {}, inline(match[1], names));
}

function mention(sign, name, unknown) {
  return h('span', { class: 'mention' }, sign + (name ?? unknown));
}

function link(url, content) {
  const href = safeUrl(url);
  return href ? h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, content) : h('span', {}, content);
}

function maskedLink(match, names) {
  return link(match[2], inline(match[1], names));
}

function spoiler(match, names) {
  return h('span', { class: 'spoiler', role: 'button', tabindex: 0, 'data-reveal': true }, inline(match[1], names));
}

function timestamp(match, names) {
  const [seconds, style] = [Number(match[1]), match[2]];
  const when = new Date(seconds * 1000);
  if (Number.isNaN(when.getTime())) return match[0];
  return h('time', {
    datetime: when.toISOString(),
    title: timestampText(seconds, 'F', names.locale),
    'data-relative': style === 'R' ? seconds : null,
  }, timestampText(seconds, style, names.locale));
}
