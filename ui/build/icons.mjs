// One sprite of the icons named in icons.txt, from @tabler/icons outline.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function iconNames(here) {
  return readFileSync(join(here, 'icons.txt'), 'utf8').split('\n').map((line) => line.trim()).filter(Boolean);
}

export function icons(here) {
  const folder = join(here, 'node_modules/@tabler/icons/icons/outline');
  const symbols = iconNames(here).map((name) => {
    const source = readFileSync(join(folder, `${name}.svg`), 'utf8');
    const shapes = source
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/^[\s\S]*?<svg[^>]*>/, '')
      .replace('</svg>', '')
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, '')
      .replace(/\s*\n\s*/g, '')
      .replace(/ \/>/g, '/>');
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}
