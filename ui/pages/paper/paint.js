.pragma library

// Blocks name colours as @{insert}; an @ of the contract's own text is escaped, so only our names are found.
// lines: how much higher a line of rich text is than its font, which a Text item does not set by itself; 0 for none.
function paint(html, theme, lines) {
    const painted = html.replace(/@\{(\w+)\}/g, (whole, name) => theme[name]);
    return lines > 0 ? `<p style="margin:0;line-height:${Math.round(100 * lines)}%">${painted}</p>` : painted;
}
