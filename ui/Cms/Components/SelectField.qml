pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme

// One of few: options are {value, text}; the words of the person's choice are told by chosen().
FocusScope {
    id: field

    property string label
    property string hint
    property var options: []
    property var value
    readonly property int index: options.findIndex(one => one.value === value)
    readonly property string shown: index < 0 ? "" : options[index].text

    signal chosen(string value)

    implicitWidth: Theme.space(24)
    implicitHeight: column.implicitHeight
    Accessible.ignored: true

    ColumnLayout {
        id: column

        width: parent.width
        spacing: Theme.space(0.5)

        T {
            visible: field.label !== ""
            role: "small"
            text: field.label
            color: Theme.inkSecondary
        }
        Pressable {
            id: button

            Layout.fillWidth: true
            focus: true
            implicitHeight: Theme.sizeField
            Accessible.role: Accessible.ComboBox
            Accessible.name: (field.label !== "" ? field.label : field.Accessible.name) + ": " + field.shown
            onClicked: menu.visible ? menu.close() : menu.open()
            Keys.onDownPressed: menu.open()

            contentItem: Item {
                T {
                    x: Theme.space(1.5)
                    width: parent.width - x - Theme.space(5)
                    height: parent.height
                    text: field.shown
                    color: button.enabled ? Theme.ink : Theme.inkDisabled
                    elide: Text.ElideRight
                }
                Icon {
                    anchors.right: parent.right
                    anchors.rightMargin: Theme.space(1.5)
                    anchors.verticalCenter: parent.verticalCenter
                    name: "caret-down"
                    color: Theme.inkSecondary
                }
            }
            background: FieldFrame {
                active: button.activeFocus
            }
            CmsMenu {
                id: menu

                y: button.height + Theme.space(0.5)
                width: Math.max(button.width, widest + 2 * padding)
                current: String(field.value ?? "")
                entries: field.options.map(one => ({
                            "id": String(one.value),
                            "text": one.text,
                            "icon": ""
                        }))
                onChosen: id => field.chosen(id)
            }
        }
        FieldNote {
            Layout.fillWidth: true
            hint: field.hint
        }
    }
}
