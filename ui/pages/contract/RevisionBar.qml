pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// Which revision lies on the desk, and what it is compared with.
Item {
    id: bar

    property alias revisions: chips.model
    property alias bases: others.model
    property bool comparing: false

    signal chosen(string revision)
    signal baseChosen(string revision)
    signal compared(bool on)

    height: column.height

    Column {
        id: column

        width: parent.width
        spacing: Theme.space(1)

        Item {
            width: parent.width
            height: compare.height

            Flow {
                width: parent.width - compare.width - Theme.space(2)
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.space(1)

                Repeater {
                    id: chips

                    delegate: Chip {
                        required property string key
                        required text
                        required active
                        onClicked: bar.chosen(key)
                    }
                }
            }
            CmsButton {
                id: compare

                objectName: "contractCompare"
                anchors.right: parent.right
                anchors.rightMargin: -Theme.space(1.5)
                visible: others.count > 0
                kind: "quiet"
                icon: "git-diff"
                text: bar.comparing ? qsTr("Show the text") : qsTr("Compare")
                onClicked: bar.compared(!bar.comparing)
            }
        }
        Flow {
            width: parent.width
            visible: bar.comparing && others.count > 1
            spacing: Theme.space(1)

            Repeater {
                id: others

                delegate: Chip {
                    required property string key
                    required text
                    required active
                    onClicked: bar.baseChosen(key)
                }
            }
        }
    }
}
