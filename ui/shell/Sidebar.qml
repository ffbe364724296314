pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Where one can go; below it who one is and where contracts live. Narrow windows show the icons alone.
FocusScope {
    id: side

    required property ShellViewModel shell
    property bool rail: false
    readonly property string here: ["draft", "contract", "sign"].includes(shell.page) ? "contracts" : shell.page
    readonly property real inset: Theme.space(1.5)
    readonly property var places: [
        {
            "page": "home",
            "icon": "house",
            "text": qsTr("Home"),
            "keys": qsTr("Alt 1")
        },
        {
            "page": "contracts",
            "icon": "files",
            "text": qsTr("Contracts"),
            "keys": qsTr("Alt 2")
        },
        {
            "page": "verify",
            "icon": "shield-check",
            "text": qsTr("Verify"),
            "keys": qsTr("Alt 3")
        },
        {
            "page": "wallet",
            "icon": "wallet",
            "text": qsTr("Wallet"),
            "keys": qsTr("Alt 4")
        },
        {
            "page": "activity",
            "icon": "activity",
            "text": qsTr("Activity"),
            "keys": qsTr("Alt 5")
        }
    ]

    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Places")

    Rectangle {
        anchors.fill: parent
        color: Theme.ground
    }
    Hairline {
        anchors.right: parent.right
        height: parent.height
        vertical: true
    }
    Seal {
        id: mark

        x: side.rail ? Math.round((parent.width - width) / 2) : Theme.space(2.5)
        y: Math.round((Theme.sizeTopBar - height) / 2)
        size: Theme.space(3)
        behind: Theme.ground
    }
    T {
        visible: !side.rail
        x: Theme.space(6.75)
        height: Theme.sizeTopBar
        role: "bodyStrong"
        text: qsTr("CMS")
    }
    Column {
        x: side.inset
        y: Theme.sizeTopBar
        width: parent.width - 2 * x
        spacing: Theme.space(0.25)

        Repeater {
            model: side.places

            delegate: SidebarItem {
                required property var modelData

                objectName: "go-" + modelData.page
                width: parent?.width ?? 0
                rail: side.rail
                text: modelData.text
                icon: modelData.icon
                keys: modelData.keys
                here: side.here === modelData.page
                count: modelData.page === "home" ? side.shell.needs : 0
                onClicked: side.shell.show(modelData.page)
            }
        }
    }
    Column {
        x: side.inset
        width: parent.width - 2 * x
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space(1.5)
        spacing: Theme.space(1)

        SidebarItem {
            objectName: "go-settings"
            width: parent.width
            rail: side.rail
            text: qsTr("Settings")
            icon: "gear-six"
            keys: qsTr("Alt 6")
            here: side.here === "settings"
            onClicked: side.shell.show("settings")
        }
        Hairline {
            width: parent.width
        }
        SidebarFoot {
            width: parent.width
            rail: side.rail
            shell: side.shell
        }
    }
}
