import QtQuick
import Cms.Theme

// Content that may be higher than its place: it follows the keyboard, so that what has the focus is seen.
Flickable {
    id: flick

    required property Item body
    readonly property Item focused: Window.activeFocusItem

    function reveal(item) {
        const top = item.mapToItem(body, 0, 0).y - Theme.space(3);
        const bottom = top + item.height + 2 * Theme.space(3);
        contentY = Math.max(0, Math.min(top, Math.max(contentY, bottom - height)));
    }
    function within(item) {
        while (item && item !== body)
            item = item.parent;
        return item === body;
    }

    clip: contentHeight > height
    contentHeight: body.implicitHeight
    boundsBehavior: Flickable.StopAtBounds
    onFocusedChanged: if (contentHeight > height && within(focused))
        reveal(focused)
}
