import QtQuick
import QtQuick.Layouts
import Cms.Theme

// Somebody in a contract: name, second line, what they do, and their state.
Rectangle {
    id: card

    property string name
    property string second
    property string part
    property string note
    property string mark
    property string markText
    property bool next: false

    implicitWidth: Theme.sizeInspector - Theme.space(4)
    implicitHeight: column.implicitHeight + 2 * Theme.space(2)
    radius: Theme.radiusCard
    color: Theme.surface
    border.width: Theme.lineControl
    border.color: next ? Theme.accent : Theme.hairline
    Accessible.role: Accessible.Grouping
    Accessible.name: [name, second, part, mark === "" ? note : state_.word].filter(word => word !== "").join(", ")

    ColumnLayout {
        id: column

        x: Theme.space(2)
        y: Theme.space(2)
        width: parent.width - 2 * x
        spacing: Theme.space(1.25)

        RowLayout {
            spacing: Theme.space(1.5)

            Avatar {
                name: card.name
                accent: card.next
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                T {
                    Layout.fillWidth: true
                    role: "bodyStrong"
                    text: card.name
                    elide: Text.ElideRight
                }
                T {
                    Layout.fillWidth: true
                    visible: text !== ""
                    role: "small"
                    text: card.second
                    color: Theme.inkSecondary
                    elide: Text.ElideRight
                }
            }
        }
        RowLayout {
            T {
                Layout.fillWidth: true
                role: "small"
                text: card.part
                color: Theme.inkSecondary
                elide: Text.ElideRight
            }
            T {
                visible: card.mark === ""
                role: card.next ? "smallStrong" : "small"
                text: card.note
                color: card.next ? Theme.accentText : Theme.inkTertiary
            }
            CheckMark {
                id: state_

                visible: card.mark !== ""
                state: card.mark
                text: card.markText
            }
        }
    }
}
