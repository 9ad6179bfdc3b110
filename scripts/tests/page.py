#!/usr/bin/python3
"""Looks at a report in headless Chromium, in both colour schemes, at three widths and without its style
sheet, and says what is wrong with it.

usage: page.py REPORT.html [SCREENSHOT_FOLDER]

Exit code: 0 nothing is wrong, 1 something is.
"""
import pathlib
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WIDTHS = (1280, 768, 400)
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3

# Every text that is seen, with its colour and the first ground behind it that is not transparent.
CONTRASTS = r"""
const rgb = text => (text.match(/[\d.]+/g) || []).map(Number);
const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
const ground = node => {
    for (; node instanceof Element; node = node.parentElement) {
        const colour = rgb(getComputedStyle(node).backgroundColor);
        if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [20, 24, 29] : [255, 255, 255];
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    if (['TITLE', 'DESC', 'STYLE'].includes(node.tagName.toUpperCase())) continue;
    const style = getComputedStyle(node);
    const a = light(rgb(node.tagName === 'text' ? style.fill : style.color)), b = light(ground(node));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push([contrast, walker.currentNode.data.trim().slice(0, 40)]);
}
return found;
"""

# Figures with neither a table nor a picture that has a size, a title, a description and something drawn.
UNDRAWN = r"""
return [...document.querySelectorAll('figure')].filter(figure => {
    if (figure.querySelector('.wide > table')) return false;
    const svg = figure.querySelector('svg');
    if (!svg) return true;
    const box = svg.getBoundingClientRect();
    const drawn = svg.querySelectorAll('line, path, rect, circle').length;
    return box.width < 200 || box.height < 40 || !drawn || !svg.querySelector('title') || !svg.querySelector('desc');
}).map(figure => figure.querySelector('h3')?.textContent);
"""

# Words of a picture that leave it, or lie on others.
MISPLACED = r"""
const found = [];
for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map(node => [node.textContent, node.getBoundingClientRect()]);
    texts.forEach(([text, box], i) => {
        if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
            found.push(text + ' leaves its picture');
        for (const [other, next] of texts.slice(i + 1))
            if (box.left < next.right - 1 && next.left < box.right - 1 && box.top < next.bottom - 3 && next.top < box.bottom - 3)
                found.push(text + ' lies on ' + other);
    });
}
return found;
"""

UNSTYLE = "document.querySelectorAll('style').forEach(node => node.remove());"
SCROLLS = "return document.documentElement.scrollWidth > document.documentElement.clientWidth;"
REQUESTS = "return performance.getEntriesByType('resource').map(entry => entry.name);"


def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = "/usr/bin/chromium"
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def show(chromium, url, width, scheme):
    chromium.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    chromium.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    chromium.get(url)


def faults_of(chromium, with_style):
    yield from (f"console: {entry['message']}" for entry in chromium.get_log("browser"))
    yield from (f"asked the network for {name}" for name in chromium.execute_script(REQUESTS) if not name.startswith("data:"))
    yield from (f"not drawn: {title}" for title in chromium.execute_script(UNDRAWN))
    yield from chromium.execute_script(MISPLACED)
    texts = chromium.execute_script(CONTRASTS)
    if not texts:
        yield "there is no text"
    yield from (f"contrast {contrast:.2f}: {text}" for contrast, text in texts if contrast < LEAST_CONTRAST)
    if with_style and chromium.execute_script(SCROLLS):
        yield "scrolls sideways"


def screenshot(chromium, path):
    height = chromium.execute_script("return document.documentElement.scrollHeight")
    width = chromium.execute_script("return document.documentElement.clientWidth")
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                             {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    chromium.save_screenshot(str(path))


def main():
    page = pathlib.Path(sys.argv[1]).resolve()
    pictures = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    count = 0
    with browser() as chromium:
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                show(chromium, page.as_uri(), width, scheme)
                for fault in faults_of(chromium, with_style=True):
                    print(f"{scheme}, {width} px wide: {fault}")
                    count += 1
                if pictures:
                    screenshot(chromium, pictures / f"{page.stem}-{scheme}-{width}.png")
        # As Jenkins shows it: its content policy blocks inline style sheets.
        show(chromium, page.as_uri(), 1280, "light")
        chromium.execute_script(UNSTYLE)
        for fault in faults_of(chromium, with_style=False):
            print(f"without a style sheet: {fault}")
            count += 1
        if pictures:
            screenshot(chromium, pictures / f"{page.stem}-plain.png")
    print(f"{page.name}: {count} faults")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
