/** The article's own page script, unmodified, in a real browser against our two routes. */
import { expect, test } from 'vitest'
import { startChromium } from '../support/chromium.ts'
import { startFarglass } from '../support/farglass.ts'
import { startSshd } from '../support/sshd.ts'
import { canMakeUsers } from '../support/throwaway-user.ts'
import { patienceMs } from '../support/until.ts'

/** As printed in the article, to the letter. */
const articleScript = `
(function () {
  document.getElementById("post-form").onsubmit = function(e) {
    e.preventDefault();
    var parentNode = document.getElementById('log-container');
    parentNode.innerHTML = "";
    var data = new FormData(document.getElementById('post-form'));
    fetch('/run', {
      method: 'POST',
      body: data
    }).then(resp => resp.json()).then(data => {
      var source = new EventSource('/stream?channel=' + data.uid);
      source.addEventListener('message', function(event) {
        var res = JSON.parse(event.data);
        var pre = document.createElement('pre');
        pre.innerText = res.message;
        parentNode.appendChild(pre);
      });
    });
  }
})();
`

const articlePage = `<!doctype html><title>article</title>
<form id="post-form">
  <input name="host"><input name="username"><input name="password" type="password">
  <textarea name="command"></textarea><button>Run</button>
</form>
<div id="log-container"></div>
<script>${articleScript}</script>`

test.runIf(canMakeUsers)(
  "the article's page shows every line of stdout and stderr, once, and ends without asking again",
  async () => {
    // The article has no dialog for an unknown key: its user has logged in to the host before.
    await using sshd = await startSshd({ passwordUser: true, key: false })
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
    await using chromium = await startChromium()
    const page = await chromium.browser.newPage()
    const streams: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/stream')) streams.push(request.url())
    })
    // Served from the server's own origin, as the article's page is: the guard asks for no less.
    await page.route('**/article', (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: articlePage }),
    )
    await page.goto(new URL('/article', server.url).href)
    const user = sshd.passwordUser
    if (user === null) throw new Error('The sshd has no user with a password.')
    await page.locator('[name=host]').fill(`${sshd.host}:${sshd.port}`)
    await page.locator('[name=username]').fill(user.name)
    await page.locator('[name=password]').fill(user.password)
    await page.locator('[name=command]').fill('seq 1 500; echo "<b>oops</b>" >&2; printf last')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByText('last', { exact: true }).waitFor({ timeout: patienceMs })
    await page.getByText('<b>oops</b>', { exact: true }).waitFor()
    const lines = await page.locator('#log-container pre').allTextContents()
    const numbers = lines.filter((line) => /^\d+$/.test(line))
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, at) => String(at + 1)))
    expect(lines.filter((line) => line === 'last')).toHaveLength(1)
    // The stream has ended with 204: a second run is the only further one.
    await page.getByRole('button', { name: 'Run' }).click()
    await page.waitForFunction(() => document.querySelectorAll('#log-container pre').length >= 502)
    expect(new Set(streams).size).toBe(2)
  },
)
