pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

GalleryPage {
    title: "States"

    Flow {
        Layout.fillWidth: true
        spacing: Theme.space(2)

        Repeater {
            model: Object.keys(Theme.contracts)

            delegate: Badge {
                required property string modelData

                state: modelData
            }
        }
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.space(3)

        Repeater {
            model: Object.keys(Theme.checks)

            delegate: CheckMark {
                required property string modelData

                state: modelData
            }
        }
    }
    RowLayout {
        spacing: Theme.space(3)

        Repeater {
            model: ["verified", "failed", "pending", "undecided"]

            delegate: Seal {
                required property string modelData

                kind: modelData
                size: Theme.sizeSealHeadline
            }
        }
        Seal {
            size: Theme.space(4)
        }
        Seal {
            size: Theme.space(3)
        }
        Seal {}
    }
    RowLayout {
        spacing: Theme.space(1)

        Chip {
            text: "All"
            count: 1284
        }
        Chip {
            text: "Waiting for you"
            count: 2
            active: true
        }
        Chip {
            text: "Party: Velden Foto"
            active: true
            removable: true
        }
    }
    RowLayout {
        spacing: Theme.space(2)

        DigestLabel {
            value: "b256f5536dacd1e14b9b3247caab144ed8c276acb256f5536dacd1e18c6a7c1d"
        }
        DigestLabel {
            value: "did:key:z6Mku8BCEqyGuwBtvpdzghA5JWrKwvBpA8FUEyYQpzfKy6Vo"
        }
        KeyCap {
            text: "Ctrl K"
        }
        KeyCap {
            text: "Enter"
        }
    }
    RowLayout {
        spacing: Theme.space(2)

        Repeater {
            model: ["done", "next", "later", "failed", "pending", "notChecked"]

            delegate: TimelineMarker {
                required property int index
                required property string modelData

                number: String(index + 1)
                state: modelData
            }
        }
        Avatar {
            name: "Katrin Ostermann"
            accent: true
        }
        Avatar {
            name: "Idris Calloway"
        }
    }
    StepsLine {
        steps: ["Protect", "Write down", "Name"]
        current: 1
    }
}
