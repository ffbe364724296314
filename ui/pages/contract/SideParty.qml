pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// A party with its DID; the head of its step stands above the first of each step.
Column {
    id: row

    required property string name
    required property string person
    required property string line
    required property string did
    required property string shortDid
    required property string nextKey
    required property string turn
    required property bool turnMine
    required property string step
    required property string stepNote
    required property bool you

    topPadding: step === "" ? 0 : Theme.space(1.5)
    Accessible.role: Accessible.ListItem
    Accessible.name: [step, name, line, turn, nextKey].filter(part => part !== "").join(", ")

    Row {
        visible: row.step !== ""
        height: visible ? Theme.space(3) : 0

        T {
            role: "smallStrong"
            text: row.step
        }
        T {
            role: "small"
            text: row.stepNote
            color: Theme.inkSecondary
        }
    }
    Item {
        width: row.width
        height: lines.height + Theme.space(2)

        Avatar {
            y: Theme.space(1)
            name: row.person
            accent: row.you
        }
        Column {
            id: lines

            x: Theme.space(5.5)
            y: Theme.space(0.5)
            width: parent.width - x
            spacing: Theme.space(0.25)

            Item {
                width: parent.width
                height: title.height

                T {
                    id: title

                    width: parent.width - side.width - Theme.space(1)
                    role: "bodyStrong"
                    text: row.name
                    elide: Text.ElideRight
                }
                T {
                    id: side

                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    role: row.turnMine ? "smallStrong" : "small"
                    text: row.turn
                    color: row.turnMine ? Theme.accentText : Theme.inkTertiary
                }
            }
            T {
                width: parent.width
                role: "small"
                text: row.line
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
            DigestLabel {
                width: parent.width
                value: row.did
                shown: row.shortDid
            }
            T {
                visible: row.nextKey !== ""
                width: parent.width
                role: "small"
                text: row.nextKey
                color: Theme.inkTertiary
                wrapMode: Text.Wrap
            }
        }
        Hairline {
            width: parent.width
            anchors.bottom: parent.bottom
        }
    }
}
