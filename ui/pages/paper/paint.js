.pragma library

// Blocks name colours as @{insert}; an @ of the contract's own text is escaped, so only our names are found.
function paint(html, theme) {
    return html.replace(/@\{(\w+)\}/g, (whole, name) => theme[name]);
}
