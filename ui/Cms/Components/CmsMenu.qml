pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as Base
import Cms.Theme

// A list of words to choose from: entries are {id, text, icon}, and `checked` for those that are
// on or off. Arrows move, Enter chooses, Esc closes.
Base.Popup {
    id: menu

    property var entries: []
    property string current
    property real widest: Theme.space(18)

    signal chosen(string id)

    function take(id) {
        close();
        chosen(id);
    }

    padding: Theme.space(0.5)
    margins: Theme.space(1)
    implicitWidth: widest + 2 * padding
    implicitHeight: Math.min(list.contentHeight, Theme.space(40)) + 2 * padding
    focus: true
    closePolicy: Base.Popup.CloseOnEscape | Base.Popup.CloseOnPressOutsideParent
    onOpened: {
        list.currentIndex = Math.max(0, entries.findIndex(one => one.id === current));
        list.forceActiveFocus(Qt.PopupFocusReason);
    }

    contentItem: ListView {
        id: list

        clip: true
        model: menu.entries
        keyNavigationEnabled: true
        Accessible.role: Accessible.PopupMenu
        Keys.onReturnPressed: menu.take(menu.entries[currentIndex].id)
        Keys.onEnterPressed: menu.take(menu.entries[currentIndex].id)
        Keys.onSpacePressed: menu.take(menu.entries[currentIndex].id)

        delegate: CmsButton {
            required property int index
            required property var modelData

            objectName: "menu-" + modelData.id
            width: menu.availableWidth
            kind: "row"
            text: modelData.text
            icon: menu.current === modelData.id ? "check" : modelData.icon ?? ""
            focusPolicy: Qt.NoFocus
            down: ListView.isCurrentItem
            Component.onCompleted: menu.widest = Math.max(menu.widest, implicitWidth)
            Accessible.role: Accessible.MenuItem
            Accessible.checkable: modelData.checked !== undefined
            Accessible.checked: modelData.checked ?? false
            onClicked: menu.take(modelData.id)
        }
    }
    background: Rectangle {
        radius: Theme.radiusCard
        color: Theme.surface
        border.width: Theme.lineControl
        border.color: Theme.hairlineStrong
    }
}
