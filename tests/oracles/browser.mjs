// Opens a page in a real browser, does what a person would do, and says what can be seen.
//
// Standard input is one JSON object:
//
//   {"browser": "/usr/bin/chromium", "url": "file:///…", "scheme": "light" | "dark", "steps": [STEP…]}
//   STEP: {"click": SELECTOR} | {"fill": [SELECTOR, TEXT]} | {"select": [SELECTOR, VALUE]} | {"press": KEY} |
//         {"double": SELECTOR} | {"point": JAVASCRIPT that returns [X, Y], which is clicked} |
//         {"drag": [X, Y, X, Y]} | {"wheel": [X, Y, PIXELS]} | {"read": JAVASCRIPT} | {"frame": JAVASCRIPT} | {"wait": JAVASCRIPT} |
//         {"picture": FILE}
//
// Standard output is one too: what each `read` of the page, and each `frame` of the frame in it, returned, in order; what the page wrote to its console as warnings and
// errors, threw, or was refused; and the address of everything that it asked for.
//
//   {"read": [VALUE…], "complaints": [TEXT…], "requests": [URL…]}

import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright-core';

// How long, in milliseconds, a step may take that takes some milliseconds.
const PATIENCE = 20_000;

const { browser: executablePath, url, scheme, steps } = JSON.parse(await text(process.stdin));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, colorScheme: scheme });
  page.setDefaultTimeout(PATIENCE);
  const [read, complaints, requests] = [[], [], []];
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  const act = {
    click: (selector) => page.click(selector),
    point: async (script) => page.mouse.click(...await page.evaluate(script)),
    double: (selector) => page.dblclick(selector),
    fill: ([selector, value]) => page.fill(selector, value),
    select: ([selector, value]) => page.selectOption(selector, value),
    press: (key) => page.keyboard.press(key),
    drag: async ([fromX, fromY, toX, toY]) => {
      await page.mouse.move(fromX, fromY);
      await page.mouse.down();
      await page.mouse.move((fromX + toX) / 2, (fromY + toY) / 2);
      await page.mouse.move(toX, toY);
      await page.mouse.up();
    },
    wheel: async ([x, y, pixels]) => {
      await page.mouse.move(x, y);
      await page.mouse.wheel(0, pixels);
    },
    read: async (script) => read.push((await page.evaluate(script)) ?? null),
    // A frame that navigates has no answer yet, or one that is not there yet.
    frame: async (script) => {
      for (const end = Date.now() + PATIENCE; ; await setTimeout(20)) {
        const value = await page.frames().at(-1).evaluate(script).catch(() => null);
        if (value != null || Date.now() > end) return read.push(value ?? null);
      }
    },
    wait: async (script) => {
      // Not the page itself asks: its policy may forbid what is not its own.
      for (const end = Date.now() + PATIENCE; !(await page.evaluate(script)); await setTimeout(20)) {
        if (Date.now() > end) throw new Error(`it did not come true: ${script}`);
      }
    },
    picture: (path) => page.screenshot({ path }),
  };
  for (const step of steps) {
    const [[verb, how]] = Object.entries(step);
    await act[verb](how);
  }
  process.stdout.write(JSON.stringify({ read, complaints, requests }));
} finally {
  await browser.close();
}
