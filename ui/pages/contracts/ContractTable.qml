pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Cms.Theme
import Cms.ViewModels

// The rows. The model fetches pages as they are scrolled to; delegates are reused.
FocusScope {
    id: table

    required property ContractsViewModel vm
    property real padding: Theme.sizePagePadding
    readonly property var hidden: vm.views.hidden
    readonly property var widths: ({
            "state": Theme.sizeColumnState,
            "other": wide("other", Theme.sizeColumnOther),
            "ends": wide("ends", Theme.sizeColumnEnds),
            "proof": wide("proof", Theme.sizeColumnProof),
            "changed": wide("changed", Theme.sizeColumnChanged)
        })
    readonly property real titleWidth: Math.max(Theme.space(12), list.width - 2 * padding - widths.state - widths.other - widths.ends - widths.proof - widths.changed)
    readonly property string range: {
        if (list.count === 0)
            return qsTr("Nothing fits. Take away a filter, or a word of the search.");
        const first = Math.max(0, Math.floor(list.contentY / Theme.sizeTableRow)) + 1;
        const last = Math.min(list.count, Math.ceil((list.contentY + list.height) / Theme.sizeTableRow));
        return qsTr("%L1 to %L2 of %L3").arg(first).arg(last).arg(table.vm.contracts.total);
    }

    function wide(column, size) {
        return hidden.includes(column) ? 0 : size;
    }

    ContractTableHead {
        id: head

        x: table.padding
        width: parent.width - 2 * table.padding
        widths: table.widths
        titleWidth: table.titleWidth
        sortColumn: table.vm.sortColumn
        descending: table.vm.descending
        onSorted: column => table.vm.sort_by(column)
    }
    ListView {
        id: list

        objectName: "contractsList"
        anchors {
            top: head.bottom
            bottom: parent.bottom
            left: parent.left
            right: parent.right
        }
        clip: true
        focus: true
        activeFocusOnTab: true
        reuseItems: true
        boundsBehavior: Flickable.StopAtBounds
        model: table.vm.contracts
        currentIndex: -1
        keyNavigationEnabled: false
        highlightFollowsCurrentItem: false
        Accessible.role: Accessible.Table
        Accessible.name: qsTr("Contracts")
        ScrollBar.vertical: ScrollBar {}

        function step(rows) {
            if (count === 0)
                return;
            currentIndex = Math.max(0, Math.min(count - 1, currentIndex + rows));
            positionViewAtIndex(currentIndex, ListView.Contain);
            if (table.vm.chosen >= 0)
                table.vm.choose(currentIndex);
        }

        Keys.onPressed: event => {
            const page = Math.max(1, Math.floor(height / Theme.sizeTableRow) - 1);
            const steps = {
                [Qt.Key_Down]: 1,
                [Qt.Key_Up]: -1,
                [Qt.Key_PageDown]: page,
                [Qt.Key_PageUp]: -page,
                [Qt.Key_Home]: -count,
                [Qt.Key_End]: count
            };
            if (steps[event.key] !== undefined)
                step(steps[event.key]);
            else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
                table.vm.open(currentIndex);
            else if (event.key === Qt.Key_Space)
                table.vm.choose(table.vm.chosen === currentIndex ? -1 : currentIndex);
            else if (event.key === Qt.Key_Escape && table.vm.chosen >= 0)
                table.vm.choose(-1);
            else if (event.key === Qt.Key_S && event.modifiers === Qt.NoModifier)
                table.vm.sign(currentIndex);
            else if (event.key === Qt.Key_V && event.modifiers === Qt.NoModifier)
                table.vm.verify(currentIndex);
            else
                return;
            event.accepted = true;
        }
        onActiveFocusChanged: if (activeFocus && currentIndex < 0 && count > 0)
            currentIndex = 0

        delegate: ContractTableRow {
            width: ListView.view.width
            padding: table.padding
            widths: table.widths
            titleWidth: table.titleWidth
            chosen: table.vm.chosen === index
            current: ListView.isCurrentItem && list.activeFocus
            onPressed: {
                list.forceActiveFocus(Qt.MouseFocusReason);
                list.currentIndex = index;
                table.vm.choose(index);
            }
            onOpened: table.vm.open(index)
        }
    }
}
