"""Looks at the page for browsers with a headless Chromium: page.py PROGRAM FOLDER-FOR-SCREENSHOTS"""
import pathlib, shutil, sys
from demo import Demo
from panel import panel
from playwright.sync_api import expect, sync_playwright

PROGRAM, PICTURES = sys.argv[1], pathlib.Path(sys.argv[2])


def visit(browser, demo, problems, **options):
    """A new tab at the page, whose complaints are kept. A refused token is no complaint: browsers write down every 4xx."""
    context = browser.new_context(ignore_https_errors=True, **options)
    page = context.new_page()
    page.on("console", lambda m: m.type in ("error", "warning") and "status of 4" not in m.text and problems.append(m.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    answer = page.goto(demo.site + "/")
    assert answer.status == 200 and "unsafe" not in answer.headers["content-security-policy"], answer.headers
    return page


def log_in(page, token):
    page.locator("#token").fill(token)
    page.locator("#login button").click()


def row(page, name):
    return page.locator("#users tbody tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def desktop(browser, demo, problems):
    page = visit(browser, demo, problems, viewport={"width": 1180, "height": 860}, locale="en-GB")
    page.screenshot(path=PICTURES / "login.png")
    log_in(page, "hg_wrong-0123456789abcdefghij")
    expect(page.locator("#message")).to_contain_text("wrong or has expired")
    assert page.evaluate("sessionStorage.length") == 0
    page.screenshot(path=PICTURES / "wrong.png")
    log_in(page, demo.token)
    expect(page.locator("#users tbody tr")).to_have_count(12)
    expect(page.locator("#age")).to_have_text("Up to date")
    before = page.locator("#all").text_content()
    expect(page.locator("#all")).not_to_have_text(before, timeout=20000)
    expect(page.locator("#downRate")).to_contain_text("/s")
    page.locator("summary").click()
    expect(page.locator("#streams tbody tr").first).to_contain_text("example", timeout=20000)
    expect(page.locator("path[d*=L]").nth(3)).to_be_attached(timeout=40000)
    page.screenshot(path=PICTURES / "desktop.png", full_page=True)

    page.get_by_role("button", name="User", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("User")
    expect(page.locator("#users tbody th").first).to_have_text("anna")
    page.get_by_label("Filter users").fill("AN")
    expect(page.locator("#users tbody tr:visible")).to_have_count(page.locator("#users tbody th", has_text="an").count())
    page.get_by_label("Filter users").fill("")

    page.get_by_role("button", name="Kick: wang").click()
    expect(page.get_by_role("dialog")).to_contain_text("Kick wang?")
    page.screenshot(path=PICTURES / "kick.png")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    asked = []
    page.on("request", lambda request: request.method == "POST" and asked.append(request.post_data))
    page.get_by_role("button", name="Kick: wang").click()
    page.locator("#yes").click()
    expect(page.locator("#message")).to_contain_text("wang is marked")
    assert asked == ['["wang"]'], asked
    page.locator("#clear").click()
    page.locator("#yes").click()
    expect(page.locator("#message")).to_contain_text("The counters are empty")

    page.reload()
    expect(page.locator("#users tbody tr").first).to_be_visible()
    page.locator("#leave").click()
    expect(page.locator("#token")).to_be_focused()
    assert page.evaluate("sessionStorage.length") == 0


def phone(browser, demo, problems, name, **options):
    page = visit(browser, demo, problems, viewport={"width": 360, "height": 740}, device_scale_factor=2, **options)
    log_in(page, demo.token)
    expect(page.locator("path[d*=L]").nth(3)).to_be_attached(timeout=40000)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360, f"{name}: {wide} pixels wide"
    page.screenshot(path=PICTURES / f"{name}.png")


def answer(status):
    return lambda route: route.fulfill(status=status, body="{}")


def faults(browser, demo, problems):
    """What the page says when things go wrong; the answers are made up on the way."""
    page = visit(browser, demo, problems, viewport={"width": 900, "height": 700}, locale="en-GB")
    log_in(page, demo.token)
    expect(page.locator("#users tbody tr").first).to_be_visible()
    hostile = '{"<img src=x onerror=alert(1)>":{"tx":18446744073709551615,"rx":9007199254740993},"\\u202ea":{"tx":1,"rx":2}}'
    page.route("**/traffic", lambda route: route.fulfill(status=200, content_type="application/json", body=hostile))
    expect(page.locator("#users tbody")).to_contain_text("<img src=x", timeout=20000)
    expect(page.locator("#users tbody")).to_contain_text("16.00 EiB")
    expect(page.locator("#users tbody")).to_contain_text("\\u{202e}a")
    assert page.locator("#users img").count() == 0
    for status, said in [(502, "Hysteria does not answer"), (503, "busy")]:
        page.route("**/traffic", answer(status))
        expect(page.locator("#message")).to_contain_text(said, timeout=30000)
    page.screenshot(path=PICTURES / "fault.png")
    page.route("**/traffic", lambda route: route.fulfill(status=429, headers={"Retry-After": "7"}, body="{}"))
    expect(page.locator("#message")).to_contain_text("wait 7 s", timeout=60000)


def crowd(browser, demo, problems):
    page = visit(browser, demo, problems, viewport={"width": 1180, "height": 860}, locale="en-GB")
    log_in(page, demo.token)
    expect(page.locator("#users tbody tr").nth(900)).to_be_attached(timeout=60000)
    page.evaluate("""() => { window.longest = 0; new PerformanceObserver(list => {
        for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
    }).observe({type: "longtask"}); }""")
    page.wait_for_timeout(10000)
    print(f"test-page: with 1,000 users nothing takes longer than {page.evaluate('window.longest'):.0f} ms")


problems = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    with Demo(PROGRAM, 12) as demo:
        desktop(browser, demo, problems)
        phone(browser, demo, problems, "phone", locale="en-GB")
        phone(browser, demo, problems, "phone-dark-chinese", locale="zh-CN", color_scheme="dark")
        desktop_problems = list(problems)
        faults(browser, demo, problems)
        # The browser itself writes down the answers that were made up.
        problems = desktop_problems + [text for text in problems[len(desktop_problems):] if "status of 50" not in text]
    panel(browser, PROGRAM)
    with Demo(PROGRAM, 1000) as demo:
        crowd(browser, demo, problems)
    browser.close()
assert not problems, problems
print(f"test-page: all well; screenshots are in {PICTURES}")
