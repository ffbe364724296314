pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Cms.Theme
import Cms.Components

// Markdown of one clause. The text goes out as it is typed, and is never written back under the cursor.
Item {
    id: editor

    property string source
    property int count: 0

    signal edited(string text)

    function begin() {
        area.text = source;
        area.cursorPosition = area.length;
        area.forceActiveFocus(Qt.TabFocusReason);
    }

    implicitHeight: area.height + foot.height + Theme.space(1)
    onSourceChanged: if (!area.activeFocus && area.text !== source)
        area.text = source

    TextArea {
        id: area

        objectName: "clauseEditor"
        width: parent.width
        height: Math.max(implicitHeight, Theme.space(9))
        padding: Theme.space(1.5)
        wrapMode: TextEdit.Wrap
        textFormat: TextEdit.PlainText
        selectByMouse: true
        font: Theme.font("body")
        color: Theme.ink
        selectionColor: Theme.selection
        selectedTextColor: Theme.ink
        placeholderText: qsTr("**Heading.** What is agreed. {{name}} stands for a value.")
        placeholderTextColor: Theme.inkTertiary
        Accessible.name: qsTr("Text of the clause, Markdown")
        KeyNavigation.priority: KeyNavigation.BeforeItem
        onTextChanged: if (activeFocus && text !== editor.source)
            editor.edited(text)

        background: Rectangle {
            radius: Theme.radiusControl
            color: Theme.surface
            border.width: area.activeFocus ? Theme.lineFocusRing : Theme.lineControl
            border.color: area.activeFocus ? Theme.focus : Theme.controlBorder
        }
    }
    Row {
        id: foot

        anchors.top: area.bottom
        anchors.topMargin: Theme.space(0.5)
        height: Theme.space(3)
        spacing: Theme.space(1)

        T {
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: qsTr("Markdown")
            color: Theme.inkTertiary
        }
        KeyCap {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Alt ↑")
        }
        T {
            anchors.verticalCenter: parent.verticalCenter
            role: "small"
            text: qsTr("move up")
            color: Theme.inkTertiary
        }
    }
    T {
        anchors.right: parent.right
        anchors.verticalCenter: foot.verticalCenter
        role: "small"
        text: qsTr("%Ln word(s)", "", editor.count)
        color: Theme.inkTertiary
    }
}
