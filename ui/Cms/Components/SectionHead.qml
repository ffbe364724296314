import QtQuick
import QtQuick.Layouts
import Cms.Theme

// The head of a part of a page: its name, how many, and at the right what can be done.
Item {
    id: head

    property string text
    property var count: ""
    property bool line: true
    default property alias actions: slot.data
    readonly property string shownCount: count === undefined || count === null || String(count) === "" || Number(count) < 0 ? "" : Number(count).toLocaleString(Qt.locale(), "f", 0)

    implicitWidth: row.implicitWidth + slot.width
    implicitHeight: Theme.sizeSectionHead + (line ? Theme.space(0.5) : 0)
    Accessible.role: Accessible.Heading
    Accessible.name: shownCount === "" ? text : text + ", " + shownCount

    RowLayout {
        id: row

        width: parent.width - slot.width
        height: Theme.sizeSectionHead
        spacing: Theme.space(1)

        T {
            role: "bodyStrong"
            text: head.text
            Accessible.ignored: true
        }
        T {
            Layout.fillWidth: true
            text: head.shownCount
            color: Theme.inkTertiary
            Accessible.ignored: true
        }
    }
    Row {
        id: slot

        anchors.right: parent.right
        anchors.rightMargin: -Theme.space(1.5)
        y: Math.round((Theme.sizeSectionHead - height) / 2)
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
        visible: head.line
        strong: true
    }
}
