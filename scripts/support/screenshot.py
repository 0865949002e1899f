"""Screenshots of the page with the demo's figures, in English and in Chinese: screenshot.py PROGRAM FOLDER"""
import pathlib, shutil, sys
from demo import Demo
from playwright.sync_api import expect, sync_playwright

PICTURES = {"page.png": "en-GB", "page.zh-CN.png": "zh-CN"}
SIZE_LIMIT = 200_000
USERS = 6
# Points that the small charts should have: one every three seconds.
POINTS = 20


def take(demo, browser, locale, picture):
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1180, "height": 400}, locale=locale,
                                  device_scale_factor=1)
    page = context.new_page()
    page.goto(demo.site + "/")
    page.locator("#token").fill(demo.token)
    page.locator("#login button").click()
    expect(page.locator("#users tbody tr")).to_have_count(USERS)
    chart = page.locator("#users path[d*=L]").first
    expect(chart).to_be_attached(timeout=40_000)
    page.wait_for_function("node => node.getAttribute('d').split('L').length >= %d" % POINTS, arg=chart.element_handle(),
                           timeout=POINTS * 6_000)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=picture, full_page=True)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, Demo(program, USERS) as demo:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, locale in PICTURES.items():
            take(demo, browser, locale, folder / name)
        browser.close()
    sizes = {name: (folder / name).stat().st_size for name in PICTURES}
    for name, size in sizes.items():
        print(f"screenshot: {folder / name}, {size} bytes")
    if max(sizes.values()) >= SIZE_LIMIT: sys.exit(f"screenshot: above {SIZE_LIMIT} bytes")


main()
