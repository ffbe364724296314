import QtQuick
import Cms.Theme

// What to type, seen while nothing is typed; the field itself tells it to screen readers.
T {
    color: Theme.inkTertiary
    elide: Text.ElideRight
    Accessible.ignored: true
}
