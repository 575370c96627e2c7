// Starts Firefox: $FIREFOX, or what is installed. Puppeteer drives it through WebDriver BiDi, which Debian's version understands.
import { execFileSync } from 'node:child_process'
import puppeteer from 'puppeteer-core'

const installed = () => execFileSync('sh', ['-c', 'command -v firefox-esr || command -v firefox'], { encoding: 'utf8' }).trim()

export const launch = () => puppeteer.launch({
  browser: 'firefox', protocol: 'webDriverBiDi', executablePath: process.env.FIREFOX ?? installed(), headless: true, acceptInsecureCerts: true,
})
