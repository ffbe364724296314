pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "settings"

// Left the parts, right their choices. Every change is saved at once, and the page says so.
FocusScope {
    id: page

    required property SettingsViewModel vm
    readonly property var parts: [
        {
            "icon": "hard-drives",
            "text": qsTr("Where contracts live"),
            "item": placePart
        },
        {
            "icon": "cube",
            "text": qsTr("Ledger"),
            "item": ledgerPart
        },
        {
            "icon": "palette",
            "text": qsTr("Appearance"),
            "item": lookPart
        },
        {
            "icon": "translate",
            "text": qsTr("Language and formats"),
            "item": languagePart
        },
        {
            "icon": "keyboard",
            "text": qsTr("Keyboard"),
            "item": keyboardPart
        },
        {
            "icon": "eye-slash",
            "text": qsTr("Privacy"),
            "item": privacyPart
        },
        {
            "icon": "info",
            "text": qsTr("About"),
            "item": aboutPart
        }
    ]
    property int here: 0

    function lead(index) {
        here = index;
        scroll.contentY = Math.max(0, Math.min(parts[index].item.y, scroll.contentHeight - scroll.height));
    }

    PageHeader {
        id: header

        width: parent.width
        title: qsTr("Settings")

        Row {
            spacing: Theme.space(0.5)
            visible: page.vm.saved
            height: Theme.sizeButton

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "check"
                color: Theme.saved
            }
            T {
                objectName: "settingsSaved"
                anchors.verticalCenter: parent.verticalCenter
                role: "small"
                text: qsTr("Saved")
                color: Theme.saved
            }
        }
    }
    Column {
        x: Theme.space(3)
        anchors.top: header.bottom
        anchors.topMargin: Theme.space(3)
        width: Theme.space(25)
        spacing: Theme.space(0.25)
        Accessible.role: Accessible.List

        Repeater {
            model: page.parts

            delegate: SettingsItem {
                required property int index
                required property var modelData

                objectName: "settings-" + index
                width: parent?.width ?? 0
                focus: index === 0
                icon: modelData.icon
                text: modelData.text
                here: page.here === index
                onClicked: page.lead(index)
            }
        }
    }
    Flickable {
        id: scroll

        x: Theme.sizeSettingsList + Theme.space(5)
        anchors.top: header.bottom
        anchors.bottom: parent.bottom
        width: parent.width - x
        clip: true
        contentHeight: form.height + Theme.space(8)
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        Column {
            id: form

            y: Theme.space(2)
            width: Math.min(Theme.sizeFormWidth, scroll.width - Theme.space(4))
            spacing: Theme.space(2)

            PlacePart {
                id: placePart

                width: parent.width
                vm: page.vm
            }
            LedgerPart {
                id: ledgerPart

                width: parent.width
                vm: page.vm
            }
            LookPart {
                id: lookPart

                width: parent.width
                vm: page.vm
            }
            Column {
                id: languagePart

                width: parent.width

                SectionHead {
                    width: parent.width
                    text: qsTr("Language and formats")
                }
                SettingRow {
                    width: parent.width
                    text: qsTr("Language")
                    hint: qsTr("Names and texts of contracts stay as they were written.")

                    T {
                        height: Theme.sizeButton
                        text: qsTr("English")
                        color: Theme.inkSecondary
                    }
                }
                SettingRow {
                    width: parent.width
                    text: qsTr("Dates and numbers")
                    hint: qsTr("As the system has them. Example: %1, %L2").arg(new Date().toLocaleDateString(Qt.locale(), Locale.ShortFormat)).arg(1284.5)
                }
            }
            KeyboardPart {
                id: keyboardPart

                width: parent.width
                keys: page.vm.keys
            }
            PrivacyPart {
                id: privacyPart

                width: parent.width
            }
            Column {
                id: aboutPart

                width: parent.width

                SectionHead {
                    width: parent.width
                    text: qsTr("About")
                }
                SettingRow {
                    width: parent.width
                    text: qsTr("Contract Management System")
                    hint: qsTr("Version %1. Free software under the Apache licence, version 2.0.").arg(page.vm.version)
                }
            }
        }
    }
    T {
        anchors.bottom: parent.bottom
        x: scroll.x
        width: scroll.width
        visible: text !== ""
        text: page.vm.error
        color: Theme.failed
        wrapMode: Text.Wrap
        Accessible.role: Accessible.AlertMessage
    }
}
