/** The commands a person may use here, each with its whole path, in that person's language. */

const SLASH = 1;
const SUBCOMMAND = 1;
const SUBCOMMAND_GROUP = 2;
const STRING = 3;

/** Synced commands as the list of what can be typed: `[{path, label, description, options}]`, by path. */
export function typeable(commands, locale) {
  const slash = commands.filter((command) => (command.type ?? SLASH) === SLASH);
  return slash.flatMap((command) => leaves(command, [], [], locale)).sort((a, b) => a.path.localeCompare(b.path));
}

/** Those that the typed text may mean, with or without its slash; what begins with it first. */
export function matching(list, typed) {
  const wanted = typed.replace(/^\//, '').toLowerCase();
  const begins = list.filter(({ label }) => label.startsWith(wanted));
  return [...begins, ...list.filter((leaf) => !begins.includes(leaf) && leaf.label.includes(wanted))];
}

/**
 * A whole command written out, as examples are: `/generate prompt: a fox rig: true` is the command with its values as
 * texts; words without a name go to the first option that takes text. Null where no command begins so.
 */
export function parsed(list, text) {
  const leaf = list.filter(({ path }) => `${text} `.startsWith(`/${path} `)).pop();
  if (!leaf) return null;
  const names = leaf.options.map(({ name }) => name).join('|');
  const [loose, ...parts] = text.slice(leaf.path.length + 1).split(new RegExp(`(?:^|\\s)(${names || '(?!)'}):\\s*`));
  const values = {};
  for (let index = 0; index < parts.length; index += 2) values[parts[index]] = parts[index + 1].trim();
  const open = leaf.options.find(({ name, type }) => type === STRING && !(name in values));
  if (loose.trim() && open) values[open.name] = loose.trim();
  return { leaf, values };
}

/** A name or description in the reader's language, where the bot gave one. */
export function localized(thing, field, locale) {
  return thing[`${field}_localizations`]?.[locale] ?? thing[field];
}

function leaves(command, path, label, locale) {
  const here = [...path, command.name];
  const shown = [...label, localized(command, 'name', locale)];
  const below = (command.options ?? []).filter(({ type }) => type === SUBCOMMAND || type === SUBCOMMAND_GROUP);
  if (below.length) return below.flatMap((inner) => leaves(inner, here, shown, locale));
  const description = localized(command, 'description', locale);
  return [{ path: here.join(' '), label: shown.join(' '), description, options: command.options ?? [] }];
}
