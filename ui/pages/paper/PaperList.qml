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
        // What is in view now was in view, however soon the next key comes.
        look();
        const most = Math.max(originY - topMargin, originY + contentHeight - height + bottomMargin);
        const steps = {
            [Qt.Key_Down]: Theme.space(6),
            [Qt.Key_Up]: -Theme.space(6),
            [Qt.Key_PageDown]: height * 0.9,
            [Qt.Key_PageUp]: -height * 0.9,
            [Qt.Key_Space]: height * 0.9
        };
        // Where blocks were not laid out yet, the ends are estimates: the view finds them itself.
        if (event.key === Qt.Key_Home)
            positionViewAtBeginning();
        else if (event.key === Qt.Key_End)
            positionViewAtEnd();
        else if (steps[event.key] !== undefined)
            contentY = Math.max(originY - topMargin, Math.min(most, contentY + steps[event.key]));
        else
            return;
        event.accepted = true;
    }

    ScrollBar.vertical: ScrollBar {
        policy: ScrollBar.AsNeeded
    }

    // How much of each place was in view, from its top down and without a gap, as a share of its height: the end of a
    // long block counts only for whoever came there through the rest of it.
    property var passed: ({})
    property bool changing: false

    function look() {
        if (changing || !visible)
            return;
        const top = contentY, bottom = contentY + height + 1;
        let row = Math.max(0, indexAt(width / 2, Math.max(top, originY) + 1));
        for (let block = itemAtIndex(row) as PaperBlock; block && block.y < bottom; block = itemAtIndex(++row) as PaperBlock) {
            const before = passed[block.place] ?? 0;
            if (block.place === "" || block.y + before * block.height < top - 1)
                continue;
            passed[block.place] = Math.max(before, Math.min(1, (bottom - block.y) / block.height));
            if (passed[block.place] === 1)
                placeSeen(block.place);
        }
    }

    // Another text is about to stand here: nothing of it was in view, and what still stands here is not it.
    function begin() {
        changing = true;
        passed = {};
        positionViewAtBeginning();
        settle.restart();
    }

    onContentYChanged: {
        // While it moves as well: whoever scrolls through has had in view what came by, whoever jumps has not.
        look();
        settle.restart();
    }
    onContentHeightChanged: settle.restart()
    onHeightChanged: settle.restart()
    onVisibleChanged: settle.restart()

    // Places are known once the view has laid its blocks out.
    Timer {
        id: settle

        interval: Theme.durationHover
        onTriggered: {
            paper.forceLayout();
            paper.changing = false;
            paper.look();
        }
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
