pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// Recovery words in three columns, each with its number.
Rectangle {
    id: card

    property var words: []
    readonly property int perColumn: Math.ceil(words.length / 3)

    implicitHeight: grid.height + 2 * Theme.space(2)
    radius: Theme.radiusCard
    color: Theme.surface
    border.width: Theme.lineControl
    border.color: Theme.hairlineStrong

    Row {
        id: grid

        x: Theme.space(3)
        y: Theme.space(2)
        width: parent.width - 2 * x
        spacing: Theme.space(3)

        Repeater {
            model: 3

            delegate: Column {
                id: column

                required property int index

                width: (grid.width - 2 * grid.spacing) / 3

                Repeater {
                    model: card.words.slice(column.index * card.perColumn, (column.index + 1) * card.perColumn)

                    delegate: Item {
                        id: cell

                        required property int index
                        required property string modelData

                        width: column.width
                        height: Theme.space(5)

                        T {
                            width: Theme.space(2)
                            height: parent.height
                            role: "small"
                            text: column.index * card.perColumn + cell.index + 1
                            color: Theme.inkTertiary
                            horizontalAlignment: Text.AlignRight
                        }
                        T {
                            x: Theme.space(3.5)
                            height: parent.height
                            role: "monoWords"
                            text: cell.modelData
                        }
                        Hairline {
                            anchors.bottom: parent.bottom
                            width: parent.width
                            visible: cell.index < card.perColumn - 1
                        }
                    }
                }
            }
        }
    }
}
