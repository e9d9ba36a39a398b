"""Checkers that every screen's test uses; each fails on the page of planted faults (test_planted.py).

A screen test takes the fixtures `page`, `site` and `vnu` of `tests/harness/fixtures.py`, which pytest knows
everywhere: log in with `site.force_login(account)` (`site` answers the browser from the test's own
transaction), `page.goto("http://canbo.localhost/…")`, then `check.screen(page, vnu, "inbox")`. That runs axe,
the HTML checker, the policy and the widths (in the long profile, MOTCUA_WHOLE=1, also the walk by Tab, dark and forced
colours) and, with MOTCUA_PICTURES=1, leaves pictures in var/screenshots.
`weight.page_weight` and `hands.Hands` measure bytes and keystrokes.

Every route has a row in `pages.py`; `test_every_page.py` looks at each with all of these on the rows of `rows.py`.
With MOTCUA_PICTURES=1 it tells there as well what each weighs.

Wait with Playwright's `expect(locator)`: `wait_for_function` evaluates strings, which our policy forbids.
"""
