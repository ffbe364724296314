pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as Base
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Ctrl+K: type a few letters, Enter runs the first, arrows choose another.
Base.Popup {
    id: palette

    required property ShellViewModel shell
    readonly property var commands: [
        {
            "id": "new",
            "text": qsTr("New contract"),
            "icon": "plus",
            "keys": qsTr("Ctrl N")
        },
        {
            "id": "home",
            "text": qsTr("Go to Home"),
            "icon": "house",
            "keys": qsTr("Alt 1")
        },
        {
            "id": "contracts",
            "text": qsTr("Go to Contracts"),
            "icon": "files",
            "keys": qsTr("Alt 2")
        },
        {
            "id": "verify",
            "text": qsTr("Verify a file"),
            "icon": "shield-check",
            "keys": qsTr("Alt 3")
        },
        {
            "id": "wallet",
            "text": qsTr("Go to Wallet"),
            "icon": "wallet",
            "keys": qsTr("Alt 4")
        },
        {
            "id": "activity",
            "text": qsTr("Go to Activity"),
            "icon": "activity",
            "keys": qsTr("Alt 5")
        },
        {
            "id": "settings",
            "text": qsTr("Go to Settings"),
            "icon": "gear-six",
            "keys": qsTr("Alt 6")
        },
        {
            "id": "lock",
            "text": qsTr("Lock now"),
            "icon": "lock",
            "keys": qsTr("Ctrl L")
        }
    ]
    readonly property string typed: search.text.trim()
    readonly property var found: {
        const hits = commands.filter(one => one.text.toLowerCase().includes(typed.toLowerCase()));
        if (typed !== "")
            hits.push({
                "id": "search",
                "text": qsTr("Search contracts for “%1”").arg(typed),
                "icon": "magnifying-glass",
                "keys": ""
            });
        return hits;
    }

    function run(id) {
        close();
        if (id === "new")
            shell.create();
        else if (id === "lock")
            shell.lock();
        else if (id === "search")
            shell.search(search.text.trim());
        else
            shell.show(id);
    }

    parent: Base.Overlay.overlay
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: Theme.sizeTopBar
    width: Theme.sizePalette
    height: implicitHeight
    implicitHeight: search.height + list.contentHeight + Theme.space(1) + 2 * padding
    padding: Theme.space(1)
    modal: true
    focus: true
    closePolicy: Base.Popup.CloseOnEscape | Base.Popup.CloseOnPressOutside
    onOpened: {
        search.text = "";
        list.currentIndex = 0;
        search.forceActiveFocus(Qt.PopupFocusReason);
    }

    contentItem: FocusScope {
        SearchField {
            id: search

            objectName: "paletteSearch"
            width: parent.width
            placeholder: qsTr("Search or run a command")
            onTextChanged: list.currentIndex = 0
            Keys.onDownPressed: list.incrementCurrentIndex()
            Keys.onUpPressed: list.decrementCurrentIndex()
            onAccepted: palette.run(palette.found[Math.max(0, list.currentIndex)].id)
        }
        ListView {
            id: list

            anchors.top: search.bottom
            anchors.topMargin: Theme.space(1)
            width: parent.width
            height: contentHeight
            model: palette.found
            interactive: false
            Accessible.role: Accessible.List

            delegate: CmsButton {
                required property int index
                required property var modelData

                objectName: "command-" + modelData.id
                width: list.width
                kind: "row"
                down: ListView.isCurrentItem
                text: modelData.text
                icon: modelData.icon
                hint: modelData.keys
                focusPolicy: Qt.NoFocus
                onClicked: palette.run(modelData.id)
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusDialog
        color: Theme.surface
        border.width: Theme.lineControl
        border.color: Theme.hairlineStrong
    }
    Base.Overlay.modal: Rectangle {
        color: Theme.scrim
    }
}
