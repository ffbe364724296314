pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The five questions side by side, each with its answer and where the answer comes from.
Item {
    id: row

    property var questions: []
    property bool compact: false

    implicitHeight: columns.height

    RowLayout {
        id: columns

        width: parent.width
        spacing: 0

        Repeater {
            model: row.questions

            delegate: Item {
                id: question

                required property int index
                required property var modelData

                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 1
                implicitHeight: lines.height + Theme.space(3)
                Accessible.role: Accessible.StaticText
                Accessible.name: [modelData.title, modelData.word, modelData.answer, modelData.source].join(", ")

                Hairline {
                    vertical: true
                    height: parent.height
                    visible: question.index > 0
                }
                ColumnLayout {
                    id: lines

                    x: question.index > 0 ? Theme.space(2) : 0
                    y: Theme.space(1.5)
                    width: parent.width - x - Theme.space(1.5)
                    spacing: Theme.space(1)

                    CheckMark {
                        state: question.modelData.mark
                    }
                    T {
                        Layout.fillWidth: true
                        role: "bodyStrong"
                        text: question.modelData.title
                        wrapMode: Text.Wrap
                    }
                    T {
                        Layout.fillWidth: true
                        role: "small"
                        text: question.modelData.answer
                        color: Theme.inkSecondary
                        wrapMode: Text.Wrap
                    }
                    RowLayout {
                        Layout.fillWidth: true
                        spacing: Theme.space(0.5)

                        Icon {
                            name: question.modelData.icon
                            size: Theme.sizeIconBadge
                            color: Theme.inkTertiary
                        }
                        T {
                            Layout.fillWidth: true
                            role: "small"
                            text: question.modelData.source
                            color: Theme.inkTertiary
                            elide: Text.ElideRight
                        }
                    }
                }
            }
        }
    }
    Hairline {
        width: parent.width
    }
    Hairline {
        width: parent.width
        anchors.bottom: parent.bottom
    }
}
