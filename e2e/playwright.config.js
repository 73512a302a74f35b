// Journeys run against the real program, each twice by default (the two ways most unlike each other), in every way with AFTERCARE_E2E_ALL=1.
import { defineConfig } from '@playwright/test';

const root = process.getuid && process.getuid() === 0;
const ways = process.env.AFTERCARE_E2E_ALL
  ? ['sqlite', 'postgres'].flatMap((engine) => ['zh-CN', 'en'].flatMap((language) => [1440, 390].flatMap((width) =>
      ['light', 'dark'].map((theme) => ({ engine, language, width, theme })))))
  : [{ engine: 'sqlite', language: 'zh-CN', width: 1440, theme: 'light' }, { engine: 'postgres', language: 'en', width: 390, theme: 'dark' }];

export default defineConfig({
  testDir: './journeys',
  // Far beyond what a journey needs: a machine that is busy with other things makes it slow, never red.
  timeout: 600_000,
  expect: { timeout: 30_000 },
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [['list']],
  projects: ways.map((way) => ({
    name: `${way.engine}-${way.language}-${way.width}-${way.theme}`,
    metadata: way,
    use: {
      browserName: 'chromium',
      actionTimeout: 30_000,
      viewport: { width: way.width, height: way.width > 700 ? 900 : 844 },
      hasTouch: way.width < 700,
      locale: way.language,
      timezoneId: 'Asia/Shanghai',
      colorScheme: way.theme,
      trace: 'retain-on-failure',
      launchOptions: {
        executablePath: '/usr/bin/chromium',
        args: [...(root ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
      },
    },
  })),
});
