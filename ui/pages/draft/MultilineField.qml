pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Cms.Theme
import Cms.Components

// A label and a text of several lines, which grows with it.
Column {
    id: field

    property string label
    property string placeholder
    property string text

    signal edited(string text)

    spacing: Theme.space(0.5)

    T {
        role: "smallStrong"
        text: field.label
        color: Theme.inkSecondary
    }
    TextArea {
        id: area

        width: parent.width
        height: Math.max(implicitHeight, Theme.sizeField)
        padding: Theme.space(1)
        leftPadding: Theme.space(1.5)
        wrapMode: TextEdit.Wrap
        textFormat: TextEdit.PlainText
        selectByMouse: true
        text: field.text
        font: Theme.font("body")
        color: Theme.ink
        selectionColor: Theme.selection
        selectedTextColor: Theme.ink
        placeholderText: field.placeholder
        placeholderTextColor: Theme.inkTertiary
        Accessible.name: field.label
        Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
        Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        onTextChanged: if (activeFocus && text !== field.text)
            field.edited(text)

        background: Rectangle {
            radius: Theme.radiusControl
            color: Theme.surface
            border.width: area.activeFocus ? Theme.lineFocusRing : Theme.lineControl
            border.color: area.activeFocus ? Theme.focus : Theme.controlBorder
        }
    }
}
