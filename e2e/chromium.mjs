// Starts the browser of the tests: $CHROMIUM, or what is installed. Without a user interface it takes half the CPU time.
import { execFileSync } from 'node:child_process'
import { chromium } from 'playwright-core'

const installed = () => execFileSync('sh', ['-c', 'command -v chromium-headless-shell || command -v chromium'], { encoding: 'utf8' }).trim()

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? installed(),
  args: [...(process.env.E2E_PROXY ? ['--ignore-certificate-errors'] : []),
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
