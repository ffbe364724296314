pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Cms.Theme

// A sheet of paper on the desk: blocks are made as they come into view, so a long contract costs no more than a short one.
ListView {
    id: paper

    property real sheetWidth: Math.min(width - 2 * Theme.space(3), Theme.sizePaperWidth)
    property int activeClause: -1
    property real deskMargin: Theme.space(3)

    signal placeSeen(string place)
    signal clausePressed(int clause)

    function showClause(clause) {
        for (let row = 0; row < count; ++row) {
            if (model.data(model.index(row, 0), Qt.UserRole + 7) === clause) {
                positionViewAtIndex(row, ListView.Contain);
                return;
            }
        }
    }

    clip: true
    focus: true
    activeFocusOnTab: true
    keyNavigationEnabled: false
    boundsBehavior: Flickable.StopAtBounds
    cacheBuffer: Math.max(0, height)
    reuseItems: true
    topMargin: deskMargin
    bottomMargin: deskMargin
    Accessible.role: Accessible.Document

    Keys.onPressed: event => {
        const most = Math.max(originY - topMargin, originY + contentHeight - height + bottomMargin);
        const steps = {
            [Qt.Key_Down]: Theme.space(6),
            [Qt.Key_Up]: -Theme.space(6),
            [Qt.Key_PageDown]: height * 0.9,
            [Qt.Key_PageUp]: -height * 0.9,
            [Qt.Key_Space]: height * 0.9
        };
        if (event.key === Qt.Key_Home)
            contentY = originY - topMargin;
        else if (event.key === Qt.Key_End)
            contentY = most;
        else if (steps[event.key] !== undefined)
            contentY = Math.max(originY - topMargin, Math.min(most, contentY + steps[event.key]));
        else
            return;
        event.accepted = true;
    }

    ScrollBar.vertical: ScrollBar {
        policy: ScrollBar.AsNeeded
    }

    // What was on the screen with its lower edge counts as seen: whoever scrolled there has passed all of it.
    function look() {
        for (let row = 0; row < count; ++row) {
            const block = itemAtIndex(row) as PaperBlock;
            const bottom = block ? block.y + block.height : 0;
            if (block && block.place !== "" && bottom > contentY && bottom <= contentY + height + 1)
                placeSeen(block.place);
        }
    }

    onContentYChanged: settle.restart()
    onContentHeightChanged: settle.restart()
    onHeightChanged: settle.restart()
    onVisibleChanged: settle.restart()

    // Places are known once the view has laid its blocks out.
    Timer {
        id: settle

        interval: Theme.durationHover
        onTriggered: if (paper.visible)
            paper.look()
    }

    delegate: PaperBlock {
        id: piece

        width: paper.width
        sheetWidth: paper.sheetWidth
        lastOne: index === paper.count - 1
        active: clause >= 0 && clause === paper.activeClause

        TapHandler {
            enabled: piece.clause >= 0
            onTapped: paper.clausePressed(piece.clause)
        }
    }
}
